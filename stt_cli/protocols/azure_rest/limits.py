"""How long short audio may be: what chooses the transport needs no more."""

from __future__ import annotations

BING_WARN_SECONDS = 10.0
"""Audio a chunked request may carry by one page of the 2018 document."""
BING_MOST_SECONDS = 15.0
"""Audio a request may carry at most by the other page."""
BING_ANSWER_SECONDS = 14.0
"""The longest a request may take in all."""
AZURE_MOST_SECONDS = 60.0
"""Audio a request may carry today."""
