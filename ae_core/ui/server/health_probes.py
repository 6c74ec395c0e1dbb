"""Streamlit's page looks for the address of its server: it asks below the page's own address first, then one level up.

At `/denoising` it asks for `/denoising/_stcore/health` and for `host-config` beside it. Streamlit answers 404: the page
looks further up, and the browser writes a red line into its console. Status 300, *there are other addresses*, tells the
page the same, and no browser calls it an error.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROBES = ("/_stcore/health", "/_stcore/host-config")
ELSEWHERE = 300


class HealthProbes:
    """Answers the page's questions at addresses where no server is; all other requests are handed on to the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 404:
                message = {**message, "status": ELSEWHERE}
            await send(message)

        probe = scope["type"] == "http" and scope["path"].endswith(PROBES)
        await self.app(scope, receive, sent if probe else send)
