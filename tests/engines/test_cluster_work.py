"""What a worker keeps between utterances, and for how long."""

from __future__ import annotations

import pickle

import pytest

from stt_cli.engines import cluster_work
from stt_cli.engines.cluster_work import _DecodersOfThisProcess, inspect, sealed
from stt_cli.engines.pool import DecoderPool, InProcessDecoder
from stt_cli.version import __version__
from tests.dask_processes import wait_until

BUNDLED = (None, None, None)


def test_a_call_travels_by_name() -> None:
    call = sealed(divmod, 7, 2)
    assert pickle.loads(call) == (3, 1)
    assert b"inspect" in sealed(inspect)
    assert len(sealed(inspect)) < 100
    assert pickle.loads(sealed(inspect))["stt-cli"] == __version__


@pytest.mark.parametrize(("threads", "kind"), [(1, InProcessDecoder), (2, DecoderPool)])
def test_decoders_stay_while_they_are_used_and_go_when_idle(
    threads: int, kind: type
) -> None:
    decoders = _DecodersOfThisProcess(idle=0.2)
    with decoders.borrowed(BUNDLED, threads) as first:
        assert isinstance(first, kind)
        with decoders.borrowed(BUNDLED, threads) as second:
            assert second is first
    wait_until(lambda: not decoders._kept)
    with decoders.borrowed(BUNDLED, threads) as third:
        assert third is not first
    wait_until(lambda: not decoders._kept)


def test_a_model_that_a_worker_lacks_is_told() -> None:
    with (
        pytest.raises(cluster_work.SttError, match="cannot load"),
        _DecodersOfThisProcess().borrowed(("/no/such/model", None, None), 1),
    ):
        pass
