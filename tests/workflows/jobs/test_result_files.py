"""Which file a job's transcript goes to: the rule, as a table."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stt_cli.workflows.jobs.result_files import NamedJob, assigned_names


@pytest.mark.parametrize(
    ("jobs", "names"),
    [
        pytest.param(
            [NamedJob("1", ("a.wav",)), NamedJob("2", ("b.wav",))],
            {"1": ("a",), "2": ("b",)},
            id="each its recording's name",
        ),
        pytest.param(
            [NamedJob("1", ("mon/call.wav",)), NamedJob("2", ("tue/call.wav",))],
            {"1": ("mon-call",), "2": ("tue-call",)},
            id="folders tell apart",
        ),
        pytest.param(
            [NamedJob("1", ("a.wav",)), NamedJob("2", ("a.wav",))],
            {"1": ("a",), "2": ("a-2",)},
            id="the ID tells jobs of one recording apart",
        ),
        pytest.param(
            [NamedJob("1", ("A.wav",)), NamedJob("2", ("a.mp3",))],
            {"1": ("A.wav",), "2": ("a.mp3",)},
            id="case is no difference",
        ),
        pytest.param(
            [NamedJob("1", ("call.wav",), "mon-call"), NamedJob("2", ("call.wav",))],
            {"1": ("mon-call",), "2": ("call",)},
            id="a name that was given stays",
        ),
        pytest.param(
            [NamedJob("1", ("call.wav",)), NamedJob("2", ("x.wav",), "Call")],
            {"1": ("call-1",), "2": ("Call",)},
            id="and goes before one that was not",
        ),
        pytest.param(
            [NamedJob("1", ("x.wav",), "call"), NamedJob("2", ("y.wav",), "CALL")],
            {"1": ("call",), "2": ("CALL-2",)},
            id="names given in polls apart",
        ),
        pytest.param(
            [NamedJob("1", ("a.wav", "copy.wav"))],
            {"1": ("a", "copy")},
            id="each recording of the same bytes its own name",
        ),
        pytest.param(
            [NamedJob("1", ("mon/a.wav", "tue/a.wav")), NamedJob("2", ("b.wav",))],
            {"1": ("mon-a", "tue-a"), "2": ("b",)},
            id="also in folders",
        ),
        pytest.param(
            [NamedJob("1", ("mon/a.wav", "tue/a.wav"), "a")],
            {"1": ("a", "a-1")},
            id="beside one that was given",
        ),
        pytest.param(
            [
                NamedJob("1", ("x.wav",), "a"),
                NamedJob("2", ("y.wav",), "a-3"),
                NamedJob("3", ("a.wav",)),
            ],
            {"1": ("a",), "2": ("a-3",), "3": ("a-3-2",)},
            id="a name with the ID may be taken too",
        ),
        pytest.param(
            [NamedJob("a/../b:1", ("a.wav",)), NamedJob("x/y", ("a.wav",))],
            {"a/../b:1": ("a",), "x/y": ("a-x_y",)},
            id="an ID is no path",
        ),
    ],
)
def test_names(jobs: list[NamedJob], names: dict[str, tuple[str, ...]]) -> None:
    assert assigned_names(jobs) == names


_NAMES = st.sampled_from(["a.wav", "A.wav", "x/a.wav", "a.mp3", "b.wav", "a-1", "1"])


@given(
    st.dictionaries(
        st.sampled_from(["1", "2", "a", "3"]),
        st.tuples(
            st.lists(_NAMES, min_size=1, max_size=3, unique=True),
            st.none() | st.sampled_from(["a", "A", "a-1", "a-2"]),
        ),
    )
)
@example({"2": (["a.wav"], "a"), "a": (["a.wav"], "a-1"), "1": (["a.wav"], "a")})
def test_no_two_files_have_one_name_whatever_jobs_there_are(
    known: dict[str, tuple[list[str], str | None]],
) -> None:
    jobs = [NamedJob(i, tuple(names), given) for i, (names, given) in known.items()]
    found = assigned_names(jobs)
    every = [name.casefold() for names in found.values() for name in names]
    assert len(every) == len(set(every)) == sum(len(job.inputs) for job in jobs)
    for job in jobs:
        first = found[job.id][0]
        assert job.given is None or first.startswith(job.given)
