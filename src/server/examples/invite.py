"""Makes invites, for booking systems in Python (protocol.md section 1):
`python3 invite.py https://beratung.example/room.html 1798675200 [host-key.pem]` prints both links as JSON. The second
argument is the end, in seconds since the epoch; the room opens at most as long before it as the site's policy allows.
With a host key (P-384, PKCS#8) all invites name the same counsellor; without one, each has a key of its own.
`python3 invite.py https://beratung.example/room.html 1798675200 --for PUBLIC_PART` makes them for a counsellor whose
browser keeps the key (section 15), and prints the spoken code, too.
Needs `cryptography`. A host link with the private key in it is for the counsellor only.
"""

import base64
import hashlib
import json
import re
import secrets
import struct
import sys
import time
from ipaddress import IPv4Address

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def lp(data: bytes) -> bytes:
    """A length of four bytes, then the bytes."""
    return struct.pack(">I", len(data)) + data


def sha384(data: bytes) -> bytes:
    return hashlib.sha384(data).digest()


def token(body: bytes) -> str:
    return base64url(body + sha384(b"consult-room v1 invite" + lp(body))[:4])


def origin_of(url: str) -> str:
    """Scheme, host, and the port where it is not the scheme's own, as browsers write an origin."""
    # Not what browsers would correct without a word: blanks, backslashes, numbers that are addresses in another form.
    form = r"(https?)://(?:[^/?#@\x00-\x20\\]*@)?([a-z0-9.-]+)(?::([0-9]{0,5}))?(?:[/?#][^\x00-\x20\x7f\\]*)?"
    parts = re.fullmatch(form, url, re.ASCII | re.IGNORECASE)
    scheme, host, given = parts.groups("") if parts else ("", "", "")
    scheme, host = scheme.lower(), host.lower()
    own = {"http": 80, "https": 443}.get(scheme, 0)
    port = int(given) if given else own
    is_number = re.search(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", host) and not is_address(host)
    if not parts or is_number or port > 65535:
        raise ValueError("an address such as https://beratung.example/room.html")
    return f"{scheme}://{host}" + ("" if port == own else f":{port}")


def is_address(host: str) -> bool:
    try:
        return bool(IPv4Address(host))
    except ValueError:
        return False


def der_of(pem: bytes) -> bytes:
    return base64.b64decode(re.sub(rb"-----[^-]+-----|\s", b"", pem))


def new_host_key() -> bytes:
    return ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def check_end(expires: int) -> int:
    """Refuses milliseconds, too: with them no room would ever open."""
    if not isinstance(expires, int) or not time.time() < expires < 10**11:
        raise ValueError("the end: seconds since the epoch, in the future, such as 1798675200")
    return expires


def read_end(text: str) -> int:
    # int() itself would take spaces, underscores and the digits of other scripts.
    return check_end(int(text) if re.fullmatch(r"[0-9]{1,11}", text) else 0)


def create_invite(base: str, expires: int, host_key: bytes | None = None, secret: bytes | None = None) -> dict[str, str]:
    """`secret` has 32 bytes; only tests give one."""
    pem = host_key or new_host_key()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp384r1" or b"BEGIN PRIVATE KEY" not in pem:
        raise ValueError("the host key is a P-384 key as PKCS#8, in PEM")
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return links(base, expires, sha384(spki), b"\x01h", lp(der_of(pem)) + lp(spki), secret)


def create_invite_for(
    base: str, expires: int, public_part: str, secret: bytes | None = None, code_secret: bytes | None = None
) -> dict[str, str]:
    """The two secrets have 32 bytes each; only tests give them."""
    material = code_secret or secrets.token_bytes(32)
    made = links(base, expires, thumb_of(public_part, base), b"\x01c", material, secret)
    return made | {"code": spoken_code(material)}


def site_of(base: str) -> bytes:
    return sha384(b"consult-room v1 site" + lp(origin_of(base).encode()))[:8]


def links(base: str, expires: int, thumb: bytes, role: bytes, rest: bytes, secret: bytes | None) -> dict[str, str]:
    page = base.split("#")[0]
    while True:
        fixed = struct.pack(">Q", check_end(expires)) + site_of(base) + (secret or secrets.token_bytes(32)) + thumb
        host = token(role + fixed + rest)
        guest = token(b"\x01g" + fixed)
        # Mail programs take a sign at the end of a link for the sentence's.
        if secret or (host[-1].isalnum() and guest[-1].isalnum()):
            return {"host": f"{page}#consult={host}", "guest": f"{page}#consult={guest}"}


def thumb_of(public_part: str, base: str) -> bytes:
    text = re.sub(r"\s", "", public_part)
    data = base64.urlsafe_b64decode(text) if re.fullmatch(r"[\w-]{84}", text, re.ASCII) else b""
    body = data[:-4]
    if body[:2] != b"\x01p" or data[-4:] != sha384(b"consult-room v1 public part" + lp(body))[:4]:
        raise ValueError("not the public part of a host key, or not all of it")
    if body[2:10] != site_of(base):
        raise ValueError("the public part is of another site")
    return body[10:58]


def spoken_code(material: bytes) -> str:
    """The first one (section 14): 45 bits in base 32."""
    info = b"consult-room v1 spoken code" + struct.pack(">I", 0)
    bits = int.from_bytes(HKDF(hashes.SHA384(), 6, b"consult-room v1 code", info).derive(material), "big") >> 3
    text = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(8, -1, -1))
    return "-".join((text[:3], text[3:6], text[6:]))


def command(base: str = "", end: str = "", key: str | None = None, public_part: str = "") -> dict[str, str]:
    expires = read_end(end)
    if key == "--for":
        return create_invite_for(base, expires, public_part)
    if key is None:
        return create_invite(base, expires)
    with open(key, "rb") as file:
        return create_invite(base, expires, file.read())


if __name__ == "__main__":
    try:
        print(json.dumps(command(*sys.argv[1:5])))
    except ValueError as mistake:
        print(f"invite.py: {mistake}", file=sys.stderr)
        sys.exit(2)
