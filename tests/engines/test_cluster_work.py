"""What a worker keeps between utterances, and for how long."""

from __future__ import annotations

import pickle

from stt_cli.engines.cluster_work import _DecodersOfThisProcess, inspect, sealed
from stt_cli.engines.pocketsphinx_model import ModelFiles
from stt_cli.version import __version__
from tests.dask_processes import wait_until

BUNDLED = ModelFiles()


def test_a_call_travels_by_name() -> None:
    call = sealed(divmod, 7, 2)
    assert pickle.loads(call) == (3, 1)
    assert b"inspect" in sealed(inspect)
    assert len(sealed(inspect)) < 100
    assert pickle.loads(sealed(inspect))["stt-cli"] == __version__


def test_decoders_stay_while_they_are_used_and_go_when_idle() -> None:
    decoders = _DecodersOfThisProcess(idle=0.2)
    with decoders.borrowed(BUNDLED, 2) as first:
        assert first.limit == 4
        with decoders.borrowed(BUNDLED, 2) as second:
            assert second is first
    wait_until(lambda: not decoders._kept)
    with decoders.borrowed(BUNDLED, 2) as third:
        assert third is not first
    wait_until(lambda: not decoders._kept)
