"""Tell a WebSub hub that a topic has new content: the only sender of pings."""

import httpx2

TIMEOUT = 10.0


async def ping_hub(hub: str, topic: str) -> str | None:
    """Publish one topic at a hub (WebSub 6, hub.mode=publish); return None when the hub took it, else what went wrong."""
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            answer = await client.post(hub, data={"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return f"{type(error).__name__}: {error}"[:200]
    return None if answer.is_success else f"the hub answered {answer.status_code}"
