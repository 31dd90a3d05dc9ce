#!/usr/bin/python3
"""One connection (or several that resume) with Python's ssl module; prints what came of it.

Options that s_client has no word for: a PROXY header in front, a reset or a silent close after the handshake.
"""
import argparse
import socket
import ssl
import struct

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
            "1.3": ssl.TLSVersion.TLSv1_3}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--name", default="localhost", help="SNI and name to check")
    parser.add_argument("--ca", help="trusted CA file; without it nothing is checked")
    parser.add_argument("--min", default="1.2", choices=VERSIONS)
    parser.add_argument("--max", default="1.3", choices=VERSIONS)
    parser.add_argument("--ciphers")
    parser.add_argument("--alpn", action="append")
    parser.add_argument("--insist", help="TLS 1.2: alert 120 unless the server takes up this one of --alpn")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--prefix", help="text to send before TLS, with \\r\\n escapes")
    parser.add_argument("--after", default="request", choices=("request", "close", "reset", "two-requests"))
    parser.add_argument("--times", type=int, default=1, help="connections; later ones resume the first one's session")
    return parser.parse_args()


def context_for(option):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = bool(option.ca)
    context.verify_mode = ssl.CERT_REQUIRED if option.ca else ssl.CERT_NONE
    if option.ca:
        context.load_verify_locations(option.ca)
    if option.ciphers:
        context.set_ciphers(option.ciphers)
    context.minimum_version, context.maximum_version = VERSIONS[option.min], VERSIONS[option.max]
    if option.alpn:
        context.set_alpn_protocols(option.alpn)
    if option.cert:
        context.load_cert_chain(option.cert, option.key)
    return context


def request(tls):
    tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
    return tls.recv(4096).split(b"\r\n")[0].decode()


class Insists:
    """Fails the handshake with no_application_protocol(120) when the one that matters was not taken up, as RFC 7301 has it."""

    def __init__(self, plain, context, name, protocol):
        self.protocol = protocol
        self.plain, self.incoming, self.outgoing = plain, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)

    def shake_hands(self):
        flights = 0
        while True:
            try:
                self.tls.do_handshake()
                return self.tls.selected_alpn_protocol()
            except ssl.SSLWantReadError:
                if flights and self.outgoing.pending and self.tls.selected_alpn_protocol() != self.protocol:
                    self.plain.sendall(bytes.fromhex("15030300020278"))
                    raise ssl.SSLError("no_application_protocol sent") from None
                self.plain.sendall(self.outgoing.read())
                self.incoming.write(self.plain.recv(65536))
                flights += 1


def connection(context, option, session):
    plain = socket.create_connection(("127.0.0.1", option.port), timeout=10)
    if option.prefix:
        plain.sendall(option.prefix.encode().decode("unicode_escape").encode("latin-1"))
    if option.insist:
        print("connected", "alpn", Insists(plain, context, option.name, option.insist).shake_hands())
        return None
    tls = context.wrap_socket(plain, server_hostname=option.name or None, session=session)
    print("connected", tls.version(), tls.cipher()[0], "resumed" if tls.session_reused else "new",
          "alpn", tls.selected_alpn_protocol())
    if option.after in ("request", "two-requests"):
        print(request(tls))
    if option.after == "two-requests":
        print(request(tls))
    session = tls.session
    if option.after == "reset":
        tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif option.after != "close":
        tls.settimeout(2)
        if tls.version() != "TLSv1.3":
            tls.unwrap()
    tls.close()
    return session


def main():
    option = options()
    context = context_for(option)
    session = None
    for _ in range(option.times):
        try:
            session = connection(context, option, session)
        except (ssl.SSLError, OSError) as error:
            print("failed", type(error).__name__, error)
            return 1
    return 0


raise SystemExit(main())
