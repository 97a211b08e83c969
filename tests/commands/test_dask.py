"""``--dask``: the same transcripts from other machines, whoever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UnreachableError
from stt_cli.engines.cluster import Cluster
from stt_cli.engines.cluster_opening import open_cluster
from stt_cli.engines.decoding import DecodeOptions, Window
from stt_cli.engines.pocketsphinx_model import ModelFiles
from stt_cli.ledger import open_ledger
from stt_cli.version import __version__
from tests.audio.tones import WEATHER, WEATHER_LINES
from tests.conftest import Runner
from tests.dask_processes import DaskProcesses, wait_until

_WITHOUT = "import types; sys.modules['stt_cli'] = types.ModuleType('stt_cli')"
# Its decoders are processes, and take long enough to be killed at work.
SPHINX = ("--model", "pocketsphinx")
FIRST, SECOND = "what's the weather like today", "it will rain in the morning"


def repeated(
    path: Path, times: int, silence: float = 0.0, end: float | None = None
) -> Path:
    """Write the recording so many times over, behind so much silence (seconds).

    ``end`` is where to leave off within the recording.
    """
    header, pcm = WEATHER.read_bytes()[:40], WEATHER.read_bytes()[44:]
    pcm = pcm[: round(end * 16_000) * 2] if end else pcm
    data = bytes(int(silence * 16_000) * 2) + (pcm + bytes(16_000)) * times
    path.write_bytes(header + len(data).to_bytes(4, "little") + data)
    return path


def spoken(transcript: dict[str, Any]) -> list[Any]:
    """Return what was recognized, without what differs from run to run."""
    return [transcript["status"], transcript["duration"], transcript["segments"]]


def transcripts(text: str) -> dict[str, list[Any]]:
    """Return what was recognized by recording; each must be there once."""
    jobs = json.loads(text)
    found = {Path(job["input"]).name: spoken(job["transcript"]) for job in jobs}
    assert len(found) == len(jobs)
    return found


def only_ids(stderr: str) -> bool:
    """Whether nothing but IDs and progress was said: no word of Dask's own."""
    heads = (line.split(":")[0] for line in stderr.splitlines())
    return all(head == "progress" or head.endswith(" id") for head in heads)


def tls_variables(folder: Path) -> dict[str, str]:
    """Return Dask's own settings for TLS, with certificates made for the test."""
    from distributed.security import Security

    made: Any = Security.temporary()
    prefix = "DASK_DISTRIBUTED__COMM__TLS__"
    parts = {"CA_FILE": made.tls_ca_file}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        parts[f"{role}__CERT"] = getattr(made, f"tls_{role.lower()}_cert")
        parts[f"{role}__KEY"] = getattr(made, f"tls_{role.lower()}_key")
    variables = {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}
    for name, pem in parts.items():
        path = folder / f"{name}.pem"
        path.write_text(pem)
        variables[prefix + name] = str(path)
    return variables


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskProcesses]:
    folder = tmp_path / "dask"
    folder.mkdir()
    with DaskProcesses(folder) as processes:
        yield processes


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stt_cli", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def security_of(variables: dict[str, str]) -> Any:
    from distributed.security import Security

    made: Any = Security
    tls = {
        name.removeprefix("DASK_DISTRIBUTED__COMM__TLS__").lower(): path
        for name, path in variables.items()
        if "TLS" in name
    }
    return made(
        tls_ca_file=tls["ca_file"],
        tls_client_cert=tls["client__cert"],
        tls_client_key=tls["client__key"],
        require_encryption=True,
    )


@pytest.mark.conformance("LO-05")
def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path, stt: Runner) -> None:
    """Two workers over TLS, one of two threads; the other dies at work."""
    from distributed import Client

    names = [repeated(tmp_path / f"{index}.wav", 2, index / 3) for index in range(2)]
    folder = tmp_path / "dask"
    folder.mkdir()
    variables = tls_variables(folder)
    with DaskProcesses(folder, **variables) as cluster:
        cluster.start_scheduler(protocol="tls", alteration=_WITHOUT)
        victim = cluster.start_worker("victim")
        survivor = cluster.start_worker("survivor", threads=2)
        run = start(
            *("batch", "submit", "--dask", cluster.address, "--wait", "--json"),
            *SPHINX,
            *names,
            env={**os.environ, **variables},
        )
        security = security_of(variables)
        with Client(cluster.address, security=security, set_as_default=False) as client:
            wait_until(lambda: at_work(client, "victim"))
            victim.kill()
            out, err = run.communicate(timeout=120)
            assert list(workers(client)) == ["survivor"]
        # One of two threads decodes in processes of its own, as the lock demands.
        assert len(psutil.Process(survivor.pid).children()) == 2
    assert (run.returncode, only_ids(err)) == (0, True), err
    here = stt("batch", "submit", "--force", "--wait", "--json", *SPHINX, *names)
    assert transcripts(out) == transcripts(here.text)
    assert {job["transcript"]["transport"] for job in json.loads(out)} == {"dask"}
    assert ledger_states() == ["succeeded"] * 4  # each once here, once there


@pytest.mark.conformance("LO-05", "LO-06")
def test_whisper_gives_the_same_phrases_on_a_cluster(
    cluster: DaskProcesses, tmp_path: Path, stt: Runner
) -> None:
    names = [repeated(tmp_path / f"{index}.wav", 4, index / 3) for index in (1, 2)]
    cluster.start_scheduler()
    cluster.start_worker("one", threads=2)
    command = ("batch", "submit", "--force", "--wait", "--json", "--detailed")
    there = stt(*command, "--dask", cluster.address, *names)
    assert there.status == 0, there.stderr
    for jobs in ("1", "2"):
        here = stt(*command, "-j", jobs, *names)
        assert transcripts(there.text) == transcripts(here.text)
    (job, _) = json.loads(there.text)
    assert job["transcript"]["text"].lower().count("in the morning") == 4


def test_a_worker_without_the_model_says_how_to_get_it(
    cluster: DaskProcesses, stt: Runner
) -> None:
    cluster.start_scheduler()
    lose = "import stt_cli.engines.whisper.store as s; s._bundled_folder = lambda: None"
    cluster.start_worker("without", alteration=lose)
    done = stt("recognize", "--dask", cluster.address, WEATHER)
    assert done.status == 2
    assert "the model tiny.en is not installed" in done.stderr
    assert "stt models download tiny.en" in done.stderr


def test_a_lost_scheduler_is_told_and_what_is_done_stays(
    cluster: DaskProcesses, tmp_path: Path, stt: Runner
) -> None:
    from distributed import Client

    short, long = repeated(tmp_path / "a.wav", 1), repeated(tmp_path / "b.wav", 3)
    cluster.start_scheduler()
    cluster.start_worker("only")
    command = ("batch", "submit", "-j1", "--dask", cluster.address, *SPHINX)
    run = start(*command, short, long)
    assert run.stdout is not None
    done = run.stdout.readline().strip()
    with Client(cluster.address, set_as_default=False) as client:
        wait_until(lambda: at_work(client, "only"))
        assert cluster.scheduler is not None
        cluster.scheduler.kill()
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (8, "")
    assert (
        f"error: {long}: lost the connection to the Dask scheduler {cluster.address}"
        in err
    )
    assert "stt batch resume" in err
    assert not [word for word in ("Traceback", "distributed", "tornado") if word in err]
    assert FIRST in stt("batch", "results", done).text
    assert sorted(ledger_states()) == ["interrupted", "succeeded"]
    rest = stt("batch", "resume")
    assert (rest.status, len(rest.lines)) == (0, 1)
    assert stt("batch", "results", *rest.lines).text.count(SECOND) == 3
    assert ledger_states() == ["succeeded"] * 2


def test_ctrl_c_takes_back_what_has_not_begun_and_resume_goes_on(
    cluster: DaskProcesses, tmp_path: Path, stt: Runner
) -> None:
    from distributed import Client

    cluster.start_scheduler()
    worker = cluster.start_worker("only")
    long = repeated(tmp_path / "b.wav", 20)
    run = start("batch", "submit", "--dask", cluster.address, *SPHINX, long)
    with Client(cluster.address, set_as_default=False) as client:
        wait_until(lambda: at_work(client, "only"))
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=30)
        assert run.returncode == 130
        assert "to continue, run: stt batch resume" in err
        assert "Traceback" not in err
        wait_until(lambda: not at_work(client, "only"))
        # The scheduler cannot import this module: what has no name goes by value.
        left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        assert left == 0
    assert worker.poll() is None  # the cluster is the user's, and stays
    rest = stt("batch", "resume", "--dask", cluster.address)
    assert (rest.status, len(rest.lines)) == (0, 1)
    assert stt("batch", "results", *rest.lines).text.count(SECOND) == 20


def at_work(client: Any, name: str) -> bool:
    """Whether a worker has been given an utterance."""
    keys = client.processing().get(workers(client).get(name)) or ()
    return any(key.startswith("stt-decode") for key in keys)


def workers(client: Any) -> dict[str, str]:
    """Return the addresses of the workers by their names."""
    known = client.scheduler_info(n_workers=-1)["workers"]
    return {worker["name"]: address for address, worker in known.items()}


def ledger_states() -> list[str]:
    with open_ledger(Environment.of_this_process()) as ledger:
        return [row.status for row in ledger.recent(100)]


def test_what_workers_lack_is_told_before_any_job(
    cluster: DaskProcesses, stt: Runner
) -> None:
    cluster.start_scheduler()
    without = cluster.start_worker("without", alteration=_WITHOUT)
    earlier = "import stt_cli.version as v; v.__version__ = '0.0.7'"
    cluster.start_worker("earlier", alteration=earlier)
    wait_until(lambda: len(seen_by(cluster.address)) == 2)
    done = stt("batch", "submit", "--dask", cluster.address, WEATHER)
    assert done.status == 2
    assert "No module named 'stt_cli" in done.stderr
    assert f"stt-cli 0.0.7 (here {__version__})" in done.stderr
    assert "hint: on every worker, run `pip install stt-cli==" in done.stderr
    assert ledger_states() == []
    assert without.poll() is None  # it is the user's, and lives on


def seen_by(address: str) -> dict[str, str]:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return workers(client)


def test_a_cluster_without_workers_is_told(cluster: DaskProcesses) -> None:
    """At once where there is none, and when the last one is lost."""

    def opened() -> Cluster:
        return open_cluster(cluster.address, processes=1, log=print, patience=1.0)

    cluster.start_scheduler()
    with pytest.raises(UnreachableError, match="has had no workers for 1 s"):
        opened()
    last = cluster.start_worker("last")
    wait_until(lambda: seen_by(cluster.address))
    with closing(opened()) as open_:
        # What was sent is not kept: it would be the audio of a thousand utterances.
        assert open_._client.scheduler_comm.recent_message_log.maxlen == 0
        last.kill()
        window = Window.of(Utterance(0.0, bytes(960)))
        decoders = open_.decoders(ModelFiles(), "a.wav")
        waiting = [decoders.submit(window, DecodeOptions()) for _ in range(2)]
        for one in waiting:
            with pytest.raises(UnreachableError, match="has had no workers for 1 s"):
                one.result(30)
        with pytest.raises(UnreachableError):
            decoders.submit(window, DecodeOptions())


@pytest.mark.parametrize(
    ("deadly", "told"),
    [
        ("os.kill(os.getpid(), 9)", "2 Dask workers died"),
        ("s._process.kill(), real(s, *r)", "3 Dask worker processes died"),
    ],
)
def test_a_recording_that_nobody_survives_fails_by_name(
    tmp_path: Path, stt: Runner, deadly: str, told: str
) -> None:
    folder = tmp_path / "dask"
    folder.mkdir()
    variables = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    alteration = (
        "import os; from stt_cli.engines import pool; real = pool._Worker.decode; "
        f"pool._Worker.decode = lambda s, *r: ({deadly})"
    )
    with DaskProcesses(folder, **variables) as cluster:
        cluster.start_scheduler()
        for name in ("a", "b"):
            cluster.start_worker(name, alteration=alteration)
        phrase = repeated(tmp_path / "one.wav", 1, end=2.2)
        done = stt("batch", "submit", "--dask", cluster.address, *SPHINX, phrase)
    assert done.status == 8
    assert f"{told} one after another" in done.stderr
    assert f"while processing {phrase} at 0." in done.stderr


def test_a_cluster_of_our_own_ends_with_the_run(
    tmp_path: Path, stt_process: Runner
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = stt_process(
        *("recognize", "--dask", "local", "-j1", WEATHER),
        env={"TMPDIR": str(temporary)},
    )
    assert (done.status, done.text) == (0, WEATHER_LINES)
    assert only_ids(done.stderr), done.stderr
    assert not [path for path in temporary.iterdir() if "dask" in path.name]


def test_ctrl_c_ends_a_cluster_of_our_own_quietly(tmp_path: Path) -> None:
    long = repeated(tmp_path / "long.wav", 20)
    command = ("recognize", "--dask", "local", "-j1", *SPHINX)
    run = start(*command, long, start_new_session=True)
    assert run.stdout is not None
    assert run.stdout.readline() == FIRST + "\n"
    family = psutil.Process(run.pid).children(recursive=True)
    assert family
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert [line for line in err.splitlines() if "session id" not in line] == [
        "error: interrupted"
    ]
    psutil.wait_procs(family, timeout=10)
    assert not [process for process in family if process.is_running()]


def test_without_the_package_the_command_that_installs_it_is_told(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = stt("batch", "submit", "--dask", "tcp://127.0.0.1:1", WEATHER)
    assert done.status == 2
    assert "pip install 'stt-cli[dask]'" in done.stderr


@pytest.mark.parametrize("command", [("batch", "submit"), ("recognize",)])
def test_a_service_takes_no_cluster(stt: Runner, command: tuple[str, ...]) -> None:
    done = stt(*command, "-p", "azure", "--dask", "tcp://127.0.0.1:1", WEATHER)
    assert done.status == 2
    assert "azure does not support Dask clusters (--dask)" in done.stderr
    assert "-p local" in done.stderr


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("spam://127.0.0.1:1", "unknown address scheme 'spam'"),
        ("tcp://127.0.0.1", "missing port number"),
        ("tls://127.0.0.1:1", "Dask has no TLS certificates configured"),
    ],
)
def test_what_is_no_address_is_refused(stt: Runner, address: str, told: str) -> None:
    done = stt("recognize", "--dask", address, WEATHER)
    assert done.status == 2
    assert told in done.stderr


def test_a_dry_run_connects_to_nothing(stt: Runner) -> None:
    done = stt("recognize", "--dask", "tcp://127.0.0.1:1", "--dry-run", WEATHER)
    assert done.status == 0
    assert "cluster: tcp://127.0.0.1:1" in done.text
    assert "nothing is sent" not in done.text
