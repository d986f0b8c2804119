"""A host token, as the backend of a site makes it for a counsellor who has signed in there:
`python3 host_token.py private-key.pem https://beratung.example`. Needs `cryptography`.
"""

import base64
import json
import secrets
import sys
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ALGORITHMS = {"secp256r1": ("ES256", hashes.SHA256(), 32), "secp384r1": ("ES384", hashes.SHA384(), 48)}


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def host_token(pem: bytes, audience: str, seconds: int = 300) -> str:
    if not 0 < seconds <= 3600:
        raise ValueError("a token is valid for an hour at most")
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in ALGORITHMS:
        raise ValueError("only P-256 and P-384")
    algorithm, digest, size = ALGORITHMS[key.curve.name]
    now = int(time.time())
    header = {"alg": algorithm, "typ": "JWT"}
    claims = {"aud": audience, "jti": secrets.token_hex(16), "iat": now, "exp": now + seconds}
    content = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    # The two numbers of the signature as JWS wants them (RFC 7518 section 3.4).
    numbers = decode_dss_signature(key.sign(content.encode(), ec.ECDSA(digest)))
    return content + "." + base64url(b"".join(number.to_bytes(size, "big") for number in numbers))


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        print(host_token(file.read(), sys.argv[2]))
