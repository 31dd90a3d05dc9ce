/* SPDX-License-Identifier: Apache-2.0 */
/* Which vhosts a name chooses among, and which of them every client meets alike. */
#include "healthy.h"

static const struct {
    const char *first, *second;
    bool share;
} addresses[] = {
    { "*:443", "*:443", true },
    { "*:443", "192.0.2.1:443", false },
    { "*:443", "*:8443", false },
    { "192.0.2.1:443 [2001:db8::1]:443", "[2001:db8::1]:443", true },
    { "192.0.2.1:443  192.0.2.2:443", "192.0.2.2:443", true },
    { "_default_:443", "*:443", true },
    { "*:443", "_default_:443", true },
    { "_default_:443", "_default_:443", true },
    { "_default_:443", "192.0.2.1:443", false },
    { "_default_", "*:443", false },
    { "", "", false },
};

static void judge_addresses(void)
{
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        healthy();
        first.addresses = addresses[i].first;
        second.addresses = addresses[i].second;
        ok(tlsdiag_vhosts_share_address(&first, &second) == addresses[i].share,
           "<VirtualHost %s> and <VirtualHost %s>%s", first.addresses, second.addresses,
           addresses[i].share ? "" : " do not share an address");
    }
    second.first_vhost = &first;
    ok(tlsdiag_vhosts_share_address(&first, &second), "unless httpd says that they do");
    ok(tlsdiag_vhosts_share_address(&second, &first), "either way round");
}

static void other_certificate(void)
{
    second_ecdsa[0].sha256[0] = 99;
    second_ecdsa[0].subject = "CN=shop.example.net";
}

static void other_key(void)
{
    second_ecdsa[0].key_type = TLSDIAG_KEY_RSA;
}

static void sha1_intermediate(void)
{
    second_ecdsa[1].signature_hash = TLSDIAG_HASH_SHA1;
}

static void one_suite_less(void)
{
    second.cipher_suites.count--;
}

static void other_group(void)
{
    SET_CODES(second.groups, 0x11ec, 29, 23, 25);
}

static void without_h2(void)
{
    SET_TEXTS(second.alpn, "http/1.1");
}

static void other_level(void)
{
    second.security_level = 1;
}

static void tls13_alone(void)
{
    second.versions = TLSDIAG_TLS13;
}

static const struct {
    const char *name;
    void (*change)(void);
    bool alike;
} changes[] = {
    { "another certificate of the same kind", other_certificate, true },
    { "another kind of key", other_key, false },
    { "a weaker intermediate", sha1_intermediate, false },
    { "one suite less", one_suite_less, false },
    { "another group", other_group, false },
    { "no h2", without_h2, false },
    { "another security level", other_level, false },
    { "other versions", tls13_alone, false },
};

static void judge_likeness(void)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        healthy();
        first.chains_count = 1;
        changes[i].change();
        ok(tlsdiag_vhosts_negotiate_alike(&first, &second) == changes[i].alike, "%s: %s", changes[i].name,
           changes[i].alike ? "the same for clients" : "not the same for clients");
    }
}

static void judge_files(void)
{
    healthy();
    ok(tlsdiag_inventory_file(&server, "/etc/tls/server-key.pem") == &files[2], "a file by its path");
    ok(tlsdiag_inventory_file(&server, "/etc/tls/none.pem") == NULL, "no such file");
    ok(tlsdiag_inventory_file(&server, NULL) == NULL, "no path");
}

int main(void)
{
    judge_addresses();
    judge_likeness();
    judge_files();
    ok(tlsdiag_checks_count() <= TLSDIAG_CHECKS_MOST, "arrays by check are large enough for %u",
       tlsdiag_checks_count());
    return done_testing();
}
