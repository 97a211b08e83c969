"""A list of recordings with options of their own, as JSONL, CSV or TSV.

``reading`` turns bytes into recordings and faults, ``fields`` knows the keys,
``inspection`` holds the recordings against the disk and the provider.
"""

from stt_cli.workflows.manifest.fields import Recording
from stt_cli.workflows.manifest.inspection import Defaults
from stt_cli.workflows.manifest.reading import Kind, Manifest, read_manifest

__all__ = ["Defaults", "Kind", "Manifest", "Recording", "read_manifest"]
