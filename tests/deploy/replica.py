"""In a replica's place, for tests of what nginx does when one fails: it answers 200 to everything, or not at all.

Run as a script with the arguments of `streamlit run`. It ends the connection without an answer when asked for
/hiccup/PORT with its own port.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Replica(BaseHTTPRequestHandler):
    """Its answers; connections stay open, as the app's do."""

    protocol_version = "HTTP/1.1"
    server: ThreadingHTTPServer

    def do_GET(self) -> None:
        """Answer, unless it is the moment of the hiccup."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith(f"/hiccup/{self.server.server_port}"):
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_GET


if __name__ == "__main__":
    port = next(int(word.partition("=")[2]) for word in sys.argv if word.startswith("--server.port="))
    ThreadingHTTPServer(("127.0.0.1", port), Replica).serve_forever()
