/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of sessions, client certificates, vhosts against each other, and the machine. */
#include "healthy.h"

static void nothing(void)
{
}

static void ticket_key(int64_t age)
{
    first.session_ticket_key_file = "/etc/tls/tickets";
    files[3].modified = NOW - age;
}

static void old_ticket_key(void)
{
    ticket_key(DAY + 1);
}

static void new_ticket_key(void)
{
    ticket_key(DAY);
}

static void no_resumption(void)
{
    first.session_cache = first.session_tickets = false;
}

static void tickets_only(void)
{
    first.session_cache = false;
}

static void compression(void)
{
    first.compression = true;
}

static void renegotiation(void)
{
    first.insecure_renegotiation = true;
}

static void no_handshake_limit(void)
{
    first.handshake_timeout_us = 0;
}

static void handshake_limit_unknown(void)
{
    first.handshake_timeout_us = -1;
}

static void require(uint32_t authorities)
{
    first.verify_client = TLSDIAG_VERIFY_REQUIRE;
    first.trusted_authorities_count = authorities;
}

static void require_without_ca(void)
{
    require(0);
}

static void require_with_ca(void)
{
    require(1);
}

static void long_ca_list(void)
{
    require(500);
    first.client_authorities.count = 500;
    first.client_authorities_bytes = 16385;
}

static void full_ca_list(void)
{
    long_ca_list();
    first.client_authorities_bytes = 16384;
}

static void check_without_crl(void)
{
    require(1);
    first.crl_check = true;
}

static void crl_without_check(void)
{
    require(1);
    first.crl_loaded = true;
    first.revocation_file.text = "/etc/tls/ca.crl";
}

static void crl_until(int64_t next_update)
{
    crl_without_check();
    first.crl_check = true;
    first.crl_next_update = next_update;
}

static void crl_expired(void)
{
    crl_until(NOW);
}

static void crl_good(void)
{
    crl_until(NOW + 2 * DAY);
}

static void crl_soon(void)
{
    crl_until(NOW + DAY / 2);
}

static void plain_on_443(void)
{
    plain[0].port = 443;
}

static void plain_on_8443(void)
{
    plain[0].port = 8443;
}

static void plain_beside_tls(void)
{
    plain_on_443();
    plain[0].beside = &second;
}

static void same_name(void)
{
    second.server_name = "WWW.example.net";
}

static void same_name_elsewhere(void)
{
    same_name();
    second.addresses = "192.0.2.1:443";
}

static void earlier_wildcard(void)
{
    SET_TEXTS(first.server_aliases, "*.example.net");
}

static void earlier_other_wildcard(void)
{
    SET_TEXTS(first.server_aliases, "*.example.org", "shop?.example.net");
}

static void alias_taken(void)
{
    SET_TEXTS(first.server_aliases, "b.example.net");
    SET_TEXTS(second.server_aliases, "a.example.net", "b.example.net");
}

static void alias_free(void)
{
    SET_TEXTS(first.server_aliases, "b.example.net");
    SET_TEXTS(second.server_aliases, "a.example.net");
}

static void other_versions(void)
{
    second.versions = TLSDIAG_TLS13;
}

static void other_versions_elsewhere(void)
{
    other_versions();
    second.addresses = "[2001:db8::1]:443";
}

static void ignored_groups(const char *in_force)
{
    second.first_vhost = &first;
    first.groups_directive.text = second.groups_directive.text = in_force;
    second.groups_directive_ignored.text = "P-384";
}

static void other_groups(void)
{
    ignored_groups("X25519");
}

static void same_groups(void)
{
    ignored_groups("P-384");
}

static void strict_sni(void)
{
    first.strict_sni = true;
}

static void clock_drifts(void)
{
    server.host.clock_synchronised = false;
}

static void clock_not_asked(void)
{
    server.host.clock_synchronised = server.host.clock_known = false;
}

static void before_build(void)
{
    server.host.module_built = NOW + 1;
}

static void build_unknown(void)
{
    server.host.module_built = 0;
}

static void before_all_certificates(void)
{
    server.host.now = NOW - 21 * DAY;
}

static void before_one_certificate(void)
{
    first_ecdsa[0].not_before = NOW + 1;
}

static void zone_unknown(void)
{
    server.host.time_zone = "Europe/Atlantis";
    server.host.time_zone_found = false;
}

static void no_zone(void)
{
    server.host.time_zone = NULL;
    server.host.time_zone_found = false;
}

static void offset_15_hours(void)
{
    server.host.utc_offset_minutes = 15 * 60;
}

static void offset_14_hours(void)
{
    server.host.utc_offset_minutes = 14 * 60;
}

static void not_seeded(void)
{
    server.host.random_ready = false;
}

static void starved(void)
{
    server.host.entropy_bits = 60;
}

static void entropy_not_known(void)
{
    server.host.entropy_bits = -1;
}

static void fips(void)
{
    server.host.fips = true;
}

static void older_openssl(void)
{
    server.host.openssl_running = 0x304000f0;
}

static void newer_openssl(void)
{
    server.host.openssl_running = 0x30600000;
}

static const fault_row_t rows[] = {
    { "audit.session.static_ticket_key", old_ticket_key, new_ticket_key, "/etc/tls/tickets was made 24 hours ago" },
    { "audit.session.no_resumption", no_resumption, tickets_only, NULL },
    { "audit.session.no_cache", tickets_only, no_resumption, NULL },
    { "audit.session.compression", compression, nothing, NULL },
    { "audit.session.insecure_renegotiation", renegotiation, nothing, NULL },
    { "audit.session.no_handshake_timeout", no_handshake_limit, handshake_limit_unknown, NULL },
    { "audit.client_cert.no_ca", require_without_ca, require_with_ca, NULL },
    { "audit.client_cert.ca_list_too_long", long_ca_list, full_ca_list, "500 CA names" },
    { "audit.crl.check_without_crl", check_without_crl, crl_good, NULL },
    { "audit.crl.not_checked", crl_without_check, crl_good, "/etc/tls/ca.crl" },
    { "audit.crl.expired", crl_expired, crl_good, "2026-11-21 00:00:00 UTC" },
    { "audit.crl.expires_soon", crl_soon, crl_good, "in 12 hours" },
    { "audit.vhost.port_443_without_tls", plain_on_443, plain_on_8443,
      "www.example.net:80 (site.conf:40) is on port 443" },
    { "audit.vhost.port_443_without_tls", plain_on_443, plain_beside_tls, NULL },
    { "audit.vhost.plain_beside_tls", plain_beside_tls, plain_on_443, "shop.example.net:443" },
    { "audit.vhost.shadowed", same_name, same_name_elsewhere, "answers to WWW.example.net" },
    { "audit.vhost.shadowed", earlier_wildcard, earlier_other_wildcard, "answers to shop.example.net" },
    { "audit.vhost.alias_shadowed", alias_taken, alias_free, "ServerAlias b.example.net" },
    { "audit.vhost.versions_differ", other_versions, other_versions_elsewhere, "negotiates TLSv1.3;" },
    { "audit.vhost.groups_ignored", other_groups, same_groups, NULL },
    { "audit.vhost.groups_ignored", other_groups, nothing, "(P-384) have no effect" },
    { "audit.vhost.strict_sni", strict_sni, nothing, NULL },
    { "audit.host.clock_unsynchronised", clock_drifts, clock_not_asked, NULL },
    { "audit.host.clock_before_build", before_build, build_unknown, NULL },
    { "audit.host.clock_before_certificates", before_all_certificates, before_one_certificate, "All 3 certificates" },
    { "audit.host.time_zone", zone_unknown, no_zone, "Europe/Atlantis" },
    { "audit.host.utc_offset", offset_15_hours, offset_14_hours, "900 minutes" },
    { "audit.host.no_randomness", not_seeded, starved, NULL },
    { "audit.host.little_entropy", starved, entropy_not_known, "60 bits" },
    { "audit.host.fips", fips, nothing, NULL },
    { "audit.host.openssl_older_than_headers", older_openssl, newer_openssl, NULL },
};

int main(void)
{
    static const char *const families[] = { "audit.session.", "audit.client_cert.", "audit.crl.", "audit.vhost.",
                                            "audit.host." };
    judge_rows(rows, sizeof rows / sizeof rows[0], families, 5);
    return done_testing();
}
