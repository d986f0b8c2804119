/**
 * In base64url, the only SubjectPublicKeyInfo of a P-384 key that every engine imports alike: named curve, uncompressed point (RFC 5480 §2),
 * 120 bytes. Some engines also take a compressed point, and people whose engines disagree about a key fall out of one group.
 */
export const P384_SPKI = /^MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE[\w-]{128}$/u;
