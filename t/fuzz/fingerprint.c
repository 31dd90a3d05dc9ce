/* SPDX-License-Identifier: Apache-2.0 */
/* A handshake message with its header: the texts of JA3 and JA4 have their shape whatever the message is. */
#include "decode/fingerprint.h"
#include "fuzz.h"

static bool start(void *state, tlsdiag_digest_kind_t kind)
{
    return *(size_t *)state = kind, true;
}

static void add(void *state, tlsdiag_bytes_t data)
{
    CHECK(is_text((const char *)data.at, data.length));
    *(size_t *)state += data.length;
}

static bool finish(void *state, uint8_t *out)
{
    memset(out, (int)*(size_t *)state, TLSDIAG_MD5_BYTES);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[1 << 14];
    tlsdiag_bytes_t message = tlsdiag_bytes(data + (size < 4 ? size : 4), size < 4 ? 0 : size - 4);
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_ja3_string_write(&out, message);
    CHECK(out.length == 0 ? out.truncated : strspn(tlsdiag_writer_text(&out), "0123456789,-") == out.length);
    out = tlsdiag_writer(text, sizeof text);
    tlsdiag_ja4_r_write(&out, message);
    CHECK(out.length == 0 ? out.truncated : out.length >= 12 && text[0] == 't' && is_text(text, out.length));
    size_t state;
    tlsdiag_digest_t digest = { start, add, finish, &state };
    CHECK(tlsdiag_ja3(text, message, &digest) && strspn(text, "0123456789abcdef") == 32 && !text[32]);
    CHECK(tlsdiag_ja4(text, message, &digest) && is_text(text, 36) && !text[36]);
    return 0;
}
