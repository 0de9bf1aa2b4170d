"""The port that QuickFIX is told to listen on."""

import socket

import pytest

from venue.gateway.engine_settings import reserve_port


def test_a_reserved_port_is_listened_on_by_who_reuses_addresses_and_nobody_else() -> None:
    with reserve_port() as reserved:
        address = reserved.getsockname()
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(address)
        with socket.create_server(address) as listening:
            assert listening.getsockname() == address
