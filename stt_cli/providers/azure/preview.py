"""What would be sent, as text: for ``--dry-run``, without any secret."""

from __future__ import annotations

import json

from stt_cli.providers.azure.plan import Plan


def preview_realtime(plan: Plan) -> str:
    """Return the WebSocket's request and the turn's context."""
    url = plan.address.url.replace("http", "ws", 1)
    lines = [
        f"GET {url}",
        f"X-ConnectionId: {plan.session_id or '(a new session ID)'}",
        f"audio: {plan.sound.content_type}, mode {plan.mode}, {plan.language}",
    ]
    if plan.context is not None:
        lines.append(f"speech.context: {json.dumps(plan.context.to_json())}")
    lines += [notice.message for notice in plan.notices]
    return "\n".join(lines)
