/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared memory, or a state file, that somebody wrote into: it is refused, or what is read from it stays within bounds and the
 * page made of it is clean; and those who count go on counting.
 *
 * The first byte chooses the form of the page, the second whether the segment is cut. Then come writes into the segment of a
 * busy server: where in three bytes, and the bytes with their length in a byte.
 */
#define _DEFAULT_SOURCE
#include "forms.h"

static scenery_t busy; /* its segment is the one that is written into, as it was before */

static void set_up(void)
{
    json_names_may_repeat = true;
    memset(&busy, 0, sizeof busy);
    busy.statistics = new_segment(&tiny_shape);
    busy.page.vhosts = busy.vhosts;
    busy.page.findings = busy.findings;
    busy.page.base = "/tlsdiag-status";
    busy.page.query = tlsdiag_query_read(tlsdiag_bytes(NULL, 0));
    busy.page.host = (tlsdiag_page_host_t){
        .hostname = "web1.example", .httpd_version = "2.4.71", .openssl_version = "OpenSSL 3.0.22", .started_us = noon
    };
    set_up_vhost(&busy, 0, "www.example:443", "CN=www.example", 300);
    set_up_vhost(&busy, 1, "api.example:443", "CN=api.example", 5);
    busy.page.vhosts_count = 2;
    play_good(&busy, 8);
    play_bad(&busy, "version.client_too_old", TLSDIAG_ACT_CLIENT, 3, 2);
    play_bad(&busy, "cipher.none_common", TLSDIAG_ACT_SERVER, 2, 1);
}

static void write_into(uint8_t *segment, size_t bytes, tlsdiag_reader_t *in)
{
    while (tlsdiag_remaining(in)) {
        size_t at = tlsdiag_read_u24(in) % bytes;
        tlsdiag_bytes_t what = tlsdiag_read_vector(in, 1);
        size_t length = what.length < bytes - at ? what.length : bytes - at;
        if (length) {
            memcpy(segment + at, what.at, length);
        }
    }
}

static void go_on(tlsdiag_statistics_t *statistics)
{
    handshake_t handshake;
    tlsdiag_experience_t experience;
    bad_handshake(&handshake, "cipher.none_common", TLSDIAG_ACT_SERVER);
    handshake.observation.vhost = tlsdiag_statistics_vhost(statistics, "www.example:443");
    handshake.observation.json = tlsdiag_bytes("{}", 2);
    play(statistics, &handshake);
    tlsdiag_statistics_user_agent(statistics, tlsdiag_statistics_fingerprint(statistics, handshake.facts.ja4),
                                  tlsdiag_bytes("curl", 4));
    tlsdiag_statistics_experience(&experience, statistics, 1, handshake.diagnosis.rule,
                                  tlsdiag_statistics_fingerprint(statistics, handshake.facts.ja4),
                                  handshake.observation.address);
    tlsdiag_process_settle(&statistics->processes, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static scenery_t scenery;
    size_t bytes = tlsdiag_shape_bytes(&tiny_shape);
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    form_t form = (form_t)(tlsdiag_read_u8(&in) % FORM_CHOICES);
    size_t cut = tlsdiag_read_u8(&in) * 8u;
    uint8_t *segment = malloc(bytes - cut);
    if (!busy.statistics.segment) {
        set_up();
    }
    memcpy(segment, busy.statistics.segment, bytes - cut);
    write_into(segment, bytes - cut, &in);
    scenery = busy;
    if (tlsdiag_statistics_attach(&scenery.statistics, segment, bytes - cut)) {
        CHECK(cut == 0);
        go_on(&scenery.statistics);
        close_scenery(&scenery);
        check_form(&scenery, form, false);
        forget(&scenery.snapshot);
    }
    free(segment);
    return 0;
}
