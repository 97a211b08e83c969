"""How much a request may carry: what chooses the transport needs no more."""

from __future__ import annotations

BING_WARN_SECONDS = 10.0
"""Audio a chunked request may carry by one page of the 2018 document."""
BING_MOST_SECONDS = 15.0
"""Audio a request may carry at most by the other page."""
BING_ANSWER_SECONDS = 14.0
"""The longest a request may take in all."""
AZURE_MOST_SECONDS = 60.0
"""Audio a request may carry today."""

# Fast transcription: Azure's pages disagree (200, 250, 300, 500 MB; 2, 5 hours).
FAST_MOST_BYTES = 500_000_000
FAST_MOST_SECONDS = 5 * 3600.0
"""No page allows more than this."""
FAST_SURE_BYTES = 200_000_000
FAST_SURE_SECONDS = 2 * 3600.0
"""And none allows less than this."""
