/* SPDX-License-Identifier: Apache-2.0 */
/* What a vhost's page says of the chain that it sends, and of each certificate in it. */
#include "publish/snapshots.h"

static tlsdiag_certificate_t certificates[2];
static tlsdiag_chain_t chain;
static scenery_t scenery;

/* Vhost 0 sends one certificate, unsigned and unknown, until a test says otherwise. */
static void begin(void)
{
    certificates[0] = (tlsdiag_certificate_t){
        .subject = "CN=www.example", .issuer = "CN=Issuing", .key_type = TLSDIAG_KEY_RSA, .key_bits = 2048
    };
    certificates[1] = (tlsdiag_certificate_t){ .subject = "CN=Issuing", .issuer = "CN=Root" };
    chain = (tlsdiag_chain_t){ .certificates = certificates, .count = 1 };
    scenery.postures[0].chains = &chain;
    scenery.postures[0].chains_count = 1;
}

static bool says(const char *words)
{
    render(&scenery, AS_VHOST);
    bool found = strstr(written.text, words) != NULL;
    if (!found) {
        printf("# %s\n", written.text);
    }
    return found;
}

/* Each beside what else is true then: the first that fits is said. */
static void verdicts(void)
{
    begin();
    ok(says("The chain as sent does not lead to a root this host knows."), "neither complete nor known");
    chain.missing_issuer = "CN=<Root>";
    ok(says("ends below CN=&lt;Root&gt;, which this host"), "whose issuer is not there, by name, escaped");
    certificates[0].self_signed = true;
    ok(says("The certificate is self-signed."), "self-signed");
    chain.complete = true;
    ok(says("The chain as sent is complete."), "complete");
    chain.root_sent = true;
    ok(says("it includes the root, which clients do not need"), "with its root");
    chain.wrong_order = true;
    ok(says("The chain is sent in the wrong order."), "in the wrong order");
    scenery.postures[0].chains_count = 0;
    ok(says("No certificate is loaded."), "no chain at all");
}

static void links(void)
{
    begin();
    ok(!strstr((says("Certificate of this server"), written.text), "link to the next"),
       "one certificate links to none");
    chain.count = 2;
    ok(says("BROKEN: the next certificate did not issue it"), "a broken link");
    ok(says("Sent along"), "... and the second is named so");
    certificates[0].links_to_next = true;
    ok(says("the next certificate issued it"), "a good one");
}

static void details(void)
{
    begin();
    ok(says("<td>RSA 2048 bits</td>"), "a key by its size, unsigned");
    certificates[0].signature_algorithm = "<sha256>";
    ok(says("<td>RSA 2048 bits; signed with &lt;sha256&gt;</td>"), "... and signed");
    certificates[0].key_type = TLSDIAG_KEY_ECDSA;
    certificates[0].key_bits = 256;
    certificates[0].key_group = 23;
    ok(says("<td>ECDSA secp256r1;"), "a key by its group");
    certificates[0].key_group = 0xfff0;
    ok(says("<td>ECDSA 0xfff0;"), "... that nobody has named");
    certificates[0] = (tlsdiag_certificate_t){ .key_type = TLSDIAG_KEY_ED25519, .key_bits = 256 };
    ok(says("<td>Ed25519</td>"), "a key of one size");
    ok(!strstr(written.text, "\"row\">must staple<") && !strstr(written.text, "\"row\">OCSP<"),
       "no word of what a certificate has not");
    certificates[0].must_staple = true;
    certificates[0].ocsp_url = "http://ocsp.example/";
    ok(says("\"row\">must staple</th><td>yes<") && says("\"row\">OCSP</th><td>http://ocsp.example/"),
       "must staple, and OCSP's address");
    chain.certificate_file = "/etc/<ssl>.pem";
    ok(says("From <code>/etc/&lt;ssl&gt;.pem</code>. "), "the file it came from");
}

int main(void)
{
    make_empty(&scenery);
    verdicts();
    links();
    details();
    leave(&scenery);
    return done_testing();
}
