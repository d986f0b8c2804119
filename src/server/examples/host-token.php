<?php
/**
 * A host token, as the backend of a site makes it for a counsellor who has signed in there:
 * `php host-token.php private-key.pem https://beratung.example`. Needs PHP 8.1 with openssl, and nothing else.
 */
declare(strict_types=1);

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** The two numbers of an ECDSA signature (DER, RFC 3279 §2.2.3) as JWS wants them (RFC 7518 §3.4). */
function joseSignature(string $der, int $size): string
{
    $offset = ord($der[1]) & 0x80 ? 3 : 2;
    $numbers = '';
    for ($i = 0; $i < 2; $i++) {
        $length = ord($der[$offset + 1]);
        $number = ltrim(substr($der, $offset + 2, $length), "\0");
        $numbers .= str_pad($number, $size, "\0", STR_PAD_LEFT);
        $offset += 2 + $length;
    }
    return $numbers;
}

function hostToken(string $pem, string $audience, int $seconds = 300): string
{
    if ($seconds < 1 || $seconds > 3600) {
        throw new InvalidArgumentException('a token is valid for an hour at most');
    }
    $key = openssl_pkey_get_private($pem);
    if ($key === false) {
        throw new InvalidArgumentException('not a private key');
    }
    $curve = openssl_pkey_get_details($key)['ec']['curve_name'] ?? '';
    [$algorithm, $hash, $size] = match ($curve) {
        'prime256v1' => ['ES256', OPENSSL_ALGO_SHA256, 32],
        'secp384r1' => ['ES384', OPENSSL_ALGO_SHA384, 48],
        default => throw new InvalidArgumentException('only P-256 and P-384'),
    };
    $json = static fn (array $value): string => base64url(json_encode($value, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR));
    $now = time();
    $claims = ['aud' => $audience, 'jti' => bin2hex(random_bytes(16)), 'iat' => $now, 'exp' => $now + $seconds];
    $content = $json(['alg' => $algorithm, 'typ' => 'JWT']) . '.' . $json($claims);
    if (!openssl_sign($content, $der, $key, $hash)) {
        throw new RuntimeException('the signature failed');
    }
    return $content . '.' . base64url(joseSignature($der, $size));
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    echo hostToken((string) file_get_contents($argv[1]), $argv[2]), "\n";
}
