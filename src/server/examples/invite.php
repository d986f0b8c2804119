<?php
/**
 * Makes invites, for booking systems in PHP (protocol.md §1):
 * `php invite.php https://beratung.example/room.html 1798675200 [host-key.pem]` prints both links as JSON. The second
 * argument is the end, in seconds since the epoch; the room opens at most as long before it as the site's policy allows.
 * With a host key (P-384, PKCS#8) all invites name the same counsellor; without one, each has a key of its own.
 * `php invite.php https://beratung.example/room.html 1798675200 --for PUBLIC_PART` makes them for a counsellor whose
 * browser keeps the key (§15), and prints the spoken code, too.
 * Needs PHP 8.1 with openssl, and nothing else. A host link with the private key in it is for the counsellor only.
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
    // Not what browsers would correct without a word: blanks, backslashes, numbers that are addresses in another form.
    $form = '~^(https?)://(?:[^/?#@\x00-\x20\\\\]*@)?([a-z0-9.-]+)(?::(\d{0,5}))?(?:[/?#][^\x00-\x20\x7f\\\\]*)?$~iD';
    $isForm = preg_match($form, $url, $parts);
    [$scheme, $host] = [strtolower($parts[1] ?? ''), strtolower($parts[2] ?? '')];
    $isNumber = preg_match('/(^|\.)(\d+|0x[0-9a-f]*)\.?$/D', $host) && !filter_var($host, FILTER_VALIDATE_IP);
    $own = ['http' => 80, 'https' => 443][$scheme] ?? 0;
    $port = ($parts[3] ?? '') === '' ? $own : (int) $parts[3];
    if (!$isForm || $isNumber || $port > 65535) {
        throw new InvalidArgumentException('an address such as https://beratung.example/room.html');
    }
    return "$scheme://$host" . ($port === $own ? '' : ":$port");
}

function newHostKey(): string
{
    $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'secp384r1']);
    if ($key === false || !openssl_pkey_export($key, $pem)) {
        throw new RuntimeException('no key was made');
    }
    return $pem;
}

/** @throws InvalidArgumentException for milliseconds, too: with them no room would ever open */
function checkEnd(int $expires): int
{
    if ($expires <= time() || $expires >= 10 ** 11) {
        throw new InvalidArgumentException('the end: seconds since the epoch, in the future, such as 1798675200');
    }
    return $expires;
}

function readEnd(string $text): int
{
    // PHP itself would take the first digits of a date.
    return checkEnd(preg_match('/^\d{1,11}$/D', $text) ? (int) $text : 0);
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
    return links($base, $expires, sha384($spki), "\x01h", lp(der($pem)) . lp($spki), $secret);
}

/** @param string|null $secret, $codeSecret 32 bytes each; only tests give them */
function createInviteFor(
    string $base,
    int $expires,
    string $publicPart,
    ?string $secret = null,
    ?string $codeSecret = null
): array {
    $material = $codeSecret ?? random_bytes(32);
    $made = links($base, $expires, thumbOf($publicPart, $base), "\x01c", $material, $secret);
    return $made + ['code' => spokenCode($material)];
}

function siteOf(string $base): string
{
    return substr(sha384('consult-room v1 site' . lp(originOf($base))), 0, 8);
}

function links(string $base, int $expires, string $thumb, string $role, string $rest, ?string $secret): array
{
    $page = explode('#', $base)[0];
    do {
        $fixed = pack('J', checkEnd($expires)) . siteOf($base) . ($secret ?? random_bytes(32)) . $thumb;
        $host = token($role . $fixed . $rest);
        $guest = token("\x01g" . $fixed);
        // Mail programs take a sign at the end of a link for the sentence's.
        $whole = preg_match('/[A-Za-z0-9]$/', $host) && preg_match('/[A-Za-z0-9]$/', $guest);
    } while (!$whole && $secret === null);
    return ['host' => "$page#consult=$host", 'guest' => "$page#consult=$guest"];
}

function thumbOf(string $publicPart, string $base): string
{
    $text = (string) preg_replace('/\s/', '', $publicPart);
    $bytes = preg_match('/^[\w-]{84}$/D', $text) ? (string) base64_decode(strtr($text, '-_', '+/'), true) : '';
    $body = substr($bytes, 0, -4);
    $checksum = substr(sha384('consult-room v1 public part' . lp($body)), 0, 4);
    if (substr($body, 0, 2) !== "\x01p" || substr($bytes, -4) !== $checksum) {
        throw new InvalidArgumentException('not the public part of a host key, or not all of it');
    }
    if (substr($body, 2, 8) !== siteOf($base)) {
        throw new InvalidArgumentException('the public part is of another site');
    }
    return substr($body, 10, 48);
}

/** The first one (§14): 45 bits in base 32. */
function spokenCode(string $material): string
{
    $bytes = hash_hkdf('sha384', $material, 6, "consult-room v1 spoken code\0\0\0\0", 'consult-room v1 code');
    $bits = unpack('J', "\0\0" . $bytes)[1] >> 3;
    $text = '';
    for ($place = 8; $place >= 0; $place--) {
        $text .= '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[$bits >> 5 * $place & 31];
    }
    return implode('-', str_split($text, 3));
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    try {
        $expires = readEnd($argv[2] ?? '');
        if (($argv[3] ?? '') === '--for') {
            $links = createInviteFor($argv[1], $expires, $argv[4] ?? '');
        } else {
            $links = createInvite($argv[1], $expires, isset($argv[3]) ? (string) file_get_contents($argv[3]) : null);
        }
        echo json_encode($links, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
    } catch (InvalidArgumentException $mistake) {
        fwrite(STDERR, 'invite.php: ' . $mistake->getMessage() . "\n");
        exit(2);
    }
}
