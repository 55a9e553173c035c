"""Encrypted connections: whom we trust, and what a certificate that cannot be trusted means."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.errors import UsageError
from stashbench.model.text import one_line

if TYPE_CHECKING:
    from stashbench.stash.address import ServerAddress

# Numbers of OpenSSL's reasons (X509_V_ERR_...).
_NOT_YET_VALID = 9
_EXPIRED = 10
_OTHER_HOST = frozenset({62, 64})
_REASON_LIMIT = 120


def tls_context(*, ca_file: Path | None, is_insecure: bool) -> ssl.SSLContext:
    """Make the TLS settings: the system's authorities, or one of the user's, or no check at all.

    Raises:
        UsageError: the authority file cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except ssl.SSLError as error:
        message = (
            f"The certificate authority file {ca_file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----): "
            "correct --stash-ca-file."
        )
        raise UsageError(message) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"The certificate authority file {ca_file} cannot be read ({reason}): correct --stash-ca-file."
        raise UsageError(message) from error
    if is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def explain_tls(address: ServerAddress, error: ssl.SSLError) -> str:
    """Say in one sentence why no encrypted connection came about, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_certificate(address, error)
    if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
        return f"What listens at {address.url} does not speak TLS: try http:// instead of https://."
    reason = one_line(str(error.reason or error), _REASON_LIMIT)
    return f"No encrypted connection to {address.url} could be made ({reason}): check its TLS settings."


def _explain_certificate(address: ServerAddress, error: ssl.SSLCertVerificationError) -> str:
    way_out = "or pass --stash-insecure to do without the check"
    if error.verify_code == _EXPIRED:
        return f"The certificate of {address.url} has expired: renew it, check this machine's clock, {way_out}."
    if error.verify_code == _NOT_YET_VALID:
        return f"The certificate of {address.url} is not valid yet: check the clocks of both machines, {way_out}."
    if error.verify_code in _OTHER_HOST:
        return (
            f"The certificate of {address.url} is for another host than {address.host}: give the name in the "
            f"certificate with --stash-url, {way_out}."
        )
    return (
        f"The certificate of {address.url} is not trusted ({one_line(error.verify_message, _REASON_LIMIT)}): pass its "
        f"authority with --stash-ca-file, {way_out}."
    )
