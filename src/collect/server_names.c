/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names a certificate is good for: subjectAltName (RFC 5280 4.2.1.6).
 */
#include "collect/server_parts.h"

#include <openssl/x509v3.h>

#include "base/writer.h"

enum { NAME_MAX_TEXT = 512, IPV4_BYTES = 4, IPV6_BYTES = 16, IPV6_WORDS = 8 };

static void write_ipv4(tlsdiag_writer_t *out, const unsigned char *bytes)
{
    for (int i = 0; i < IPV4_BYTES; i++) {
        tlsdiag_write(out, i ? "." : "");
        tlsdiag_write_u64(out, bytes[i]);
    }
}

static unsigned word_at(const unsigned char *bytes, int word)
{
    return (unsigned)bytes[2 * word] << 8 | bytes[2 * word + 1];
}

/* RFC 5952 4.2.3: the longest run of zeros, the first of equal ones, not a single one. */
static int longest_zeros(const unsigned char *bytes, int *first)
{
    int longest = 1;
    for (int from = 0; from < IPV6_WORDS; from++) {
        int to = from;
        while (to < IPV6_WORDS && word_at(bytes, to) == 0) {
            to++;
        }
        if (to - from > longest) {
            longest = to - from;
            *first = from;
        }
    }
    return longest;
}

static void write_ipv6(tlsdiag_writer_t *out, const unsigned char *bytes)
{
    int first = -1, zeros = longest_zeros(bytes, &first);
    for (int word = 0; word < IPV6_WORDS; word++) {
        if (word == first) {
            tlsdiag_write(out, "::");
            word += zeros - 1;
            continue;
        }
        unsigned value = word_at(bytes, word);
        unsigned digits = value > 0xfff ? 4 : value > 0xff ? 3 : value > 0xf ? 2 : 1;
        tlsdiag_write(out, word && word != first + zeros ? ":" : "");
        tlsdiag_write_hex(out, value, digits);
    }
}

/* A dNSName is IA5String, but its maker may have put anything in it. An iPAddress of another size is no address. */
static const char *name_text(const GENERAL_NAME *name, tlsdiag_collector_t *collector)
{
    char buffer[NAME_MAX_TEXT];
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    const ASN1_STRING *value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    const unsigned char *bytes = ASN1_STRING_get0_data(value);
    int length = ASN1_STRING_length(value);
    if (name->type == GEN_DNS) {
        tlsdiag_write_escaped(&out, tlsdiag_bytes(bytes, (size_t)length), sizeof buffer - 1);
    } else if (length == IPV4_BYTES) {
        write_ipv4(&out, bytes);
    } else if (length == IPV6_BYTES) {
        write_ipv6(&out, bytes);
    }
    return tlsdiag_collector_text(collector, tlsdiag_writer_text(&out), out.length);
}

static tlsdiag_text_list_t read_names(const GENERAL_NAMES *names, int type, tlsdiag_collector_t *collector)
{
    int total = sk_GENERAL_NAME_num(names);
    const char **items = NULL;
    uint16_t count = 0;
    for (int i = 0; i < total && count < UINT16_MAX; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != type) {
            continue;
        }
        if (!items) {
            items = tlsdiag_collector_allocate(collector, (size_t)(total - i) * sizeof *items);
        }
        items[count++] = name_text(name, collector);
    }
    return (tlsdiag_text_list_t){ .items = items, .count = count };
}

void tlsdiag_subject_alt_names_read(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    if (!names) {
        return;
    }
    out->has_subject_alt_name = true;
    out->dns_names = read_names(names, GEN_DNS, collector);
    out->ip_addresses = read_names(names, GEN_IPADD, collector);
    GENERAL_NAMES_free(names);
}
