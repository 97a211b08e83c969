"""Posts notifications as the services do: a few times, then never again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

_PAUSES = (0.2, 0.5)  # seconds; the services wait for minutes


async def call_webhook(
    url: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
) -> int | None:
    """Post a notification; returns the last status, ``None`` without an answer."""
    import httpx

    status: int | None = None
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        for pause in (*_PAUSES, None):
            try:
                answer = await client.request(
                    method,
                    url,
                    content=body,
                    headers={"Content-Type": "application/json", **headers},
                )
                status = answer.status_code
                if answer.is_success:
                    return status
            except httpx.HTTPError:
                pass
            if pause is not None:
                await asyncio.sleep(pause)
    return status
