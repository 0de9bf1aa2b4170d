"""TLS as its users set it up: `scripts/serve --tls`, certificates of our own, a QuickFIX client."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.e2e.client import BUY, DEADLINE, FILLED, SELL
from tests.e2e.message import frame, utc_now
from tests.e2e.serve_script import ServeScript
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import ROOT
from tests.e2e.web_process import ask, free_port
from venue.password_file import PasswordFile
from venue.passwords import hash_password

STUNNEL = shutil.which("stunnel4") or shutil.which("stunnel")
pytestmark = pytest.mark.skipif(
    not (STUNNEL and shutil.which("openssl")), reason="stunnel or openssl is not installed"
)
HOST = "venue.test"


class Secured(ServeScript):
    """`scripts/serve --tls` of a directory of its own, as config/tls/README.md says, with a web."""

    def __init__(self, directory: Path) -> None:
        self.tls = directory / "tls"
        shutil.copytree(ROOT / "config/tls", self.tls)
        made = [self.tls / "certificates", self.tls, HOST, "TRADER1"]
        subprocess.run(made, check=True, capture_output=True)
        self.port, self.plain_port, self.certified_port = free_port(), free_port(), free_port()
        self.web_port = free_port()
        settings = (self.tls / "stunnel.conf").read_text().replace("9878", str(self.plain_port))
        settings = settings.replace("accept = 9879", f"accept = 127.0.0.1:{self.port}")
        needs_none = settings.partition("[fix]")[2]
        needs_one = needs_none.replace(str(self.port), str(self.certified_port))
        needs_one = needs_one.replace("\n;CAfile", "\nCAfile").replace("\n;verify", "\nverify")
        (self.tls / "stunnel.conf").write_text(f"{settings}\n[certified]{needs_one}")
        data = directory / "data"
        data.mkdir()
        PasswordFile(data).set("TRADER1", hash_password("correct horse"))
        options = ["--port", str(self.plain_port), "--data", str(data), "--set"]
        options += ["journal.sync=off", "--set", "sessions.TRADER1.password=stored", "--set"]
        options += ["sessions.TRADER2.addresses=[192.0.2.1]"]
        options += ["--set", f"web.port={self.web_port}"]
        super().__init__(directory, "--web", f"--tls={self.tls}", *options)
        try:
            self.wait_for("venue ready on ")
            self.wait_for("Configuration successful")
        except BaseException:
            self.kill()
            raise


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    made = Secured(tmp_path_factory.mktemp("secured"))
    yield made
    assert made.stop() == 0, made.output
    for port in (made.port, made.plain_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    assert "defect" not in made.output and "correct horse" not in made.output, made.output


@pytest.fixture(scope="module")
def tunnel(secured: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The client's side, which config/tls/stunnel-client.conf is; yields the port in plain text."""
    port = free_port()
    text = (secured.tls / "stunnel-client.conf").read_text()
    text = text.replace("127.0.0.1:9880", f"127.0.0.1:{port}")
    text = text.replace("venue.example:9879", f"127.0.0.1:{secured.certified_port}")
    text = text.replace("venue.example", HOST)
    text = text.replace(
        ";cert = client.pem\n;key = client.key", "cert = TRADER1.pem\nkey = TRADER1.key"
    )
    (secured.tls / "client.conf").write_text(text)
    assert STUNNEL is not None
    log = (tmp_path_factory.mktemp("tunnel") / "log").open("w")
    with (
        log,
        subprocess.Popen(
            [STUNNEL, "client.conf"], cwd=secured.tls, stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        deadline = time.monotonic() + DEADLINE
        while not is_open(port):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.01)
        yield port
        process.terminate()


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_quickfix_client_trades_through_tls(secured: Secured, tunnel: int) -> None:
    """With a client certificate, and a password; another without TLS, as before."""
    logon = [(553, "TRADER1"), (554, "correct horse")]
    with ExitStack() as stack:
        buyer = stack.enter_context(closing(StockClient(tunnel, "TRADER1", logon=logon)))
        seller = stack.enter_context(closing(StockClient(secured.plain_port, "TRADER3")))
        offer = seller.enter("AAPL", SELL, 5, "100")
        bid = buyer.new_order("AAPL", BUY, 5, "101")
        for client, cl_ord_id in ((buyer, bid), (seller, offer[11])):
            while (report := client.receive()).get(11) != cl_ord_id or report.get(39) != FILLED:
                pass
            report.has({31: 100, 32: 5})
        assert buyer.complaints == seller.complaints == []


def test_the_web_is_there_beside_it(secured: Secured) -> None:
    """It logs on without TLS, from this machine."""
    for comp_id in ("WEBMD", "WEB1", "WEB2", "WEBOP"):
        secured.wait_for(f"session={comp_id} state=up")
    page = ask(f"http://127.0.0.1:{secured.web_port}/")
    assert page.status == 200 and "<!doctype html>" in page.text


def over_tls(secured: Secured, port: int, *names: str) -> ssl.SSLSocket:
    """A connection that has been agreed on, with a certificate of each of `names`."""
    context = ssl.create_default_context(cafile=str(secured.tls / "ca.pem"))
    for name in names:
        context.load_cert_chain(secured.tls / f"{name}.pem", secured.tls / f"{name}.key")
    plain = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
    return context.wrap_socket(plain, server_hostname=HOST)


def logon(comp_id: str) -> bytes:
    fields = [(35, "A"), (34, 1), (49, comp_id), (52, utc_now()), (56, "VENUE"), (98, 0), (108, 30)]
    return frame([*fields, (141, "Y")])


def test_a_certificate_is_needed_where_one_is_asked_for(secured: Secured) -> None:
    with over_tls(secured, secured.port) as connection:
        connection.sendall(logon("TRADER3"))
        assert b"\x0135=A\x01" in connection.recv(1 << 16)
    with over_tls(secured, secured.certified_port, "TRADER1") as connection:
        connection.sendall(logon("TRADER4"))  # the other may seem to be there still
        assert b"\x0135=A\x01" in connection.recv(1 << 16)
    assert not is_answered(secured)


def is_answered(secured: Secured) -> bool:
    """Whether a Logon without a certificate is; in TLS 1.3 the client hears of it only then."""
    try:
        with over_tls(secured, secured.certified_port) as connection:
            connection.sendall(logon("MD1"))
            return bool(connection.recv(1 << 16))
    except (ssl.SSLError, ConnectionError):
        return False


def test_who_is_not_the_venue_is_not_trusted(secured: Secured) -> None:
    plain = socket.create_connection(("127.0.0.1", secured.port), timeout=DEADLINE)
    with plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname=HOST)


def test_plain_text_is_no_tls(secured: Secured) -> None:
    with socket.create_connection(("127.0.0.1", secured.port), timeout=DEADLINE) as plain:
        plain.sendall(logon("TRADER3"))
        with suppress(ConnectionResetError):
            assert b"35=A" not in plain.recv(1 << 16)


def test_the_venue_knows_where_a_connection_comes_from(secured: Secured) -> None:
    """stunnel tells it: TRADER2 is refused by the address of the client, whose port is logged."""
    with over_tls(secured, secured.port) as connection:
        address, port = connection.getsockname()[:2]
        connection.sendall(logon("TRADER2"))
        assert connection.recv(1 << 16) == b""
    secured.wait_for(f'peer={address}:{port} text="FIX.4.4:TRADER2 may not log on from')


def test_without_a_certificate_of_its_own_nothing_starts(tmp_path: Path) -> None:
    """stunnel says why; the venue does not go on without it."""
    shutil.copytree(ROOT / "config/tls", tmp_path / "tls")
    options = ["--port", "0", "--data", str(tmp_path / "data")]
    ended = subprocess.run(
        [ROOT / "scripts/serve", f"--tls={tmp_path / 'tls'}", *options],
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert ended.returncode != 0
    assert "server.pem" in ended.stdout + ended.stderr
    assert "stunnel has ended, so the venue ends, too" in ended.stderr
