<?php
/**
 * Makes invites, for booking systems in PHP (protocol.md §1):
 * `php invite.php https://beratung.example/room.html 1798675200 [host-key.pem]` prints both links as JSON. The second
 * argument is the end, in seconds since the epoch; the room opens at most as long before it as the site's policy allows.
 * With a host key (P-384, PKCS#8) all invites name the same counsellor; without one, each has a key of its own.
 * Needs PHP 8.1 with openssl, and nothing else. The host link holds the private key: give it to the counsellor only.
 */
declare(strict_types=1);

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** A length of four bytes, then the bytes. */
function lp(string $bytes): string
{
    return pack('N', strlen($bytes)) . $bytes;
}

function sha384(string $bytes): string
{
    return hash('sha384', $bytes, true);
}

function token(string $body): string
{
    return base64url($body . substr(sha384('consult-room v1 invite' . lp($body)), 0, 4));
}

function der(string $pem): string
{
    return (string) base64_decode((string) preg_replace('/-----[^-]+-----|\s/', '', $pem), true);
}

/** Scheme, host, and the port where it is not the scheme's own, as browsers write an origin. */
function originOf(string $url): string
{
    $parts = parse_url($url);
    $scheme = strtolower($parts['scheme'] ?? '');
    $host = strtolower($parts['host'] ?? '');
    if (!in_array($scheme, ['http', 'https'], true) || !preg_match('/^[a-z0-9.-]+$/', $host)) {
        throw new InvalidArgumentException('an address such as https://beratung.example/room.html');
    }
    $port = $parts['port'] ?? null;
    $own = ['http' => 80, 'https' => 443][$scheme];
    return "$scheme://$host" . ($port === null || $port === $own ? '' : ":$port");
}

function newHostKey(): string
{
    $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'secp384r1']);
    if ($key === false || !openssl_pkey_export($key, $pem)) {
        throw new RuntimeException('no key was made');
    }
    return $pem;
}

/** @param string|null $secret 32 bytes; only tests give one */
function createInvite(string $base, int $expires, ?string $hostKey = null, ?string $secret = null): array
{
    $pem = $hostKey ?? newHostKey();
    $key = openssl_pkey_get_private($pem);
    $details = $key === false ? [] : openssl_pkey_get_details($key);
    if (($details['ec']['curve_name'] ?? '') !== 'secp384r1' || !str_contains($pem, 'BEGIN PRIVATE KEY')) {
        throw new InvalidArgumentException('the host key is a P-384 key as PKCS#8, in PEM');
    }
    $spki = der($details['key']);
    $site = substr(sha384('consult-room v1 site' . lp(originOf($base))), 0, 8);
    $page = explode('#', $base)[0];
    do {
        $fixed = pack('J', $expires) . $site . ($secret ?? random_bytes(32)) . sha384($spki);
        $host = token("\x01h" . $fixed . lp(der($pem)) . lp($spki));
        $guest = token("\x01g" . $fixed);
        // Mail programs take a sign at the end of a link for the sentence's.
        $whole = preg_match('/[A-Za-z0-9]$/', $host) && preg_match('/[A-Za-z0-9]$/', $guest);
    } while (!$whole && $secret === null);
    return ['host' => "$page#consult=$host", 'guest' => "$page#consult=$guest"];
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $hostKey = isset($argv[3]) ? (string) file_get_contents($argv[3]) : null;
    echo json_encode(createInvite($argv[1], (int) $argv[2], $hostKey), JSON_UNESCAPED_SLASHES), "\n";
}
