"""A certificate authority of our own, for tests of encrypted connections; made by the `openssl` command."""

from __future__ import annotations

import itertools
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
SETTINGS = """
[ca]
default_ca = own
[own]
dir = {folder}
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


@dataclass
class Authority:
    """Issues certificates; `file` is what its friends trust."""

    folder: Path
    numbers: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        (self.folder / "index").touch()
        (self.folder / "serial").write_text("01\n")
        (self.folder / "settings").write_text(SETTINGS.format(folder=self.folder))
        self._openssl(f"req -x509 {NEW_KEY} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem")

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def context(self, names="DNS:localhost,IP:127.0.0.1", begin="20200101000000Z", end="20990101000000Z"):
        """Return the settings of a server with a new certificate for these names and times."""
        name = f"server{next(self.numbers)}"
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        self._openssl(f"req -new {NEW_KEY} -subj /CN=server -keyout {name}.key -out {name}.csr")
        self._openssl(
            f"ca -config settings -batch -notext -in {name}.csr -out {name}.pem -extfile {name}.ext "
            f"-startdate {begin} -enddate {end}"
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def _openssl(self, words):
        subprocess.run(["openssl", *words.split()], cwd=self.folder, check=True, capture_output=True)
