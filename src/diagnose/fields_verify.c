/* SPDX-License-Identifier: Apache-2.0 */
/* Names for the client's certificate and how its verification went: client_cert.*, verify.*. */
#include "diagnose/openssl_reasons.h"
#include "diagnose/templates.h"

/* Ours in place of X509_verify_cert_error_string: OpenSSL's words differ between versions. */
static const struct {
    int32_t error;
    const char *text;
} verify_errors[] = {
    { TLSDIAG_V_UNSPECIFIED, "unspecified certificate verification error" },
    { TLSDIAG_V_UNABLE_TO_GET_ISSUER_CERT, "issuer certificate not found" },
    { TLSDIAG_V_UNABLE_TO_GET_CRL, "no certificate revocation list" },
    { TLSDIAG_V_UNABLE_TO_DECRYPT_CRL_SIGNATURE, "revocation list signature cannot be read" },
    { TLSDIAG_V_CERT_SIGNATURE_FAILURE, "certificate signature is wrong" },
    { TLSDIAG_V_CRL_SIGNATURE_FAILURE, "revocation list signature is wrong" },
    { TLSDIAG_V_CERT_NOT_YET_VALID, "certificate is not yet valid" },
    { TLSDIAG_V_CERT_HAS_EXPIRED, "certificate has expired" },
    { TLSDIAG_V_CRL_NOT_YET_VALID, "revocation list is not yet valid" },
    { TLSDIAG_V_CRL_HAS_EXPIRED, "revocation list has expired" },
    { TLSDIAG_V_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed certificate" },
    { TLSDIAG_V_SELF_SIGNED_CERT_IN_CHAIN, "self-signed certificate in the chain" },
    { TLSDIAG_V_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "issuer certificate not known here" },
    { TLSDIAG_V_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "first certificate cannot be verified" },
    { TLSDIAG_V_CERT_CHAIN_TOO_LONG, "certificate chain too long" },
    { TLSDIAG_V_CERT_REVOKED, "certificate revoked" },
    { TLSDIAG_V_INVALID_CA_1_1, "invalid CA certificate" },
    { TLSDIAG_V_PATH_LENGTH_EXCEEDED, "path length constraint exceeded" },
    { TLSDIAG_V_INVALID_PURPOSE, "not meant for this purpose" },
    { TLSDIAG_V_CERT_UNTRUSTED, "certificate not trusted" },
    { TLSDIAG_V_KEYUSAGE_NO_CERTSIGN, "issuer may not sign certificates" },
    { TLSDIAG_V_UNABLE_TO_GET_CRL_ISSUER, "issuer of the revocation list not found" },
    { TLSDIAG_V_KEYUSAGE_NO_CRL_SIGN, "issuer may not sign revocation lists" },
    { TLSDIAG_V_INVALID_NON_CA, "invalid use of a CA certificate" },
    { TLSDIAG_V_KEYUSAGE_NO_DIGITAL_SIGNATURE, "key may not sign" },
    { TLSDIAG_V_APPLICATION_VERIFICATION, "application verification failed" },
    { TLSDIAG_V_EE_KEY_TOO_SMALL, "certificate's key too weak" },
    { TLSDIAG_V_CA_KEY_TOO_SMALL, "CA's key too weak" },
    { TLSDIAG_V_CA_MD_TOO_WEAK, "CA's signature too weak" },
    { TLSDIAG_V_OCSP_VERIFY_NEEDED, "OCSP verification needed" },
    { TLSDIAG_V_OCSP_VERIFY_FAILED, "OCSP verification failed" },
    { TLSDIAG_V_OCSP_CERT_UNKNOWN, "unknown to the OCSP responder" },
    { TLSDIAG_V_INVALID_CA, "invalid CA certificate" },
};

static const char *verify_error_text(const tlsdiag_verification_t *verification)
{
    for (size_t i = 0; i < sizeof verify_errors / sizeof verify_errors[0]; i++) {
        if (verify_errors[i].error == verification->error) {
            return verify_errors[i].text;
        }
    }
    return verification->text;
}

TLSDIAG_FIELD(verify_error)
{
    int32_t error = scene->facts->verification.error;
    const char *text = verify_error_text(&scene->facts->verification);
    if (text[0]) {
        tlsdiag_write(out, text);
        tlsdiag_write_char(out, ' ');
    }
    if (error) {
        tlsdiag_write_char(out, '(');
        tlsdiag_write_i64(out, error);
        tlsdiag_write_char(out, ')');
    }
}

TLSDIAG_FIELD(verify_depth)
{
    tlsdiag_write_i64(out, scene->facts->verification.depth);
}

/* The certificate that failed; the client's own when that is not known. */
static const tlsdiag_certificate_summary_t *failed(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->verification.failed.present ? &facts->verification.failed : &facts->client_certificate;
}

/* The client's own certificate; the one that failed at depth 0 is the same. */
static const tlsdiag_certificate_summary_t *own(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->client_certificate.present ? &facts->client_certificate : failed(scene);
}

#define OF(function, which, write)                                       \
    TLSDIAG_FIELD(function)                                              \
    {                                                                    \
        const tlsdiag_certificate_summary_t *certificate = which(scene); \
        write;                                                           \
    }

OF(client_cert_subject, own, tlsdiag_write_clean(out, certificate->subject))
OF(client_cert_issuer, own, tlsdiag_write_clean(out, certificate->issuer))
OF(failed_subject, failed, tlsdiag_write_clean(out, certificate->subject))
OF(failed_issuer, failed, tlsdiag_write_clean(out, certificate->issuer))
OF(failed_serial, failed, tlsdiag_write_clean(out, certificate->serial))
OF(failed_not_before, failed, tlsdiag_write_date(out, certificate->not_before))
OF(failed_not_after, failed, tlsdiag_write_date(out, certificate->not_after))

TLSDIAG_FIELD(client_cert_sent)
{
    tlsdiag_write_u64(out, scene->facts->verification.sent_count);
    tlsdiag_write(out, scene->facts->verification.sent_count == 1 ? " certificate" : " certificates");
}

TLSDIAG_FIELD(client_cert_who_asks)
{
    tlsdiag_write(out, scene->facts->renegotiating ? "A directory of this vhost" : "This vhost");
}

TLSDIAG_FIELD(client_cert_left)
{
    if (scene->closed) {
        tlsdiag_write(out, " but closed the connection, as browsers do to let a person choose one");
    }
}

TLSDIAG_FIELD(client_cert_whose)
{
    if (own(scene)->present) {
        tlsdiag_write(out, ": ");
        client_cert_subject(out, scene, items);
    }
}

const tlsdiag_field_t tlsdiag_verify_fields[] = {
    { TLSDIAG_NAMED("verify.error", verify_error) },
    { TLSDIAG_NAMED("verify.depth", verify_depth) },
    { TLSDIAG_NAMED("verify.failed_subject", failed_subject) },
    { TLSDIAG_NAMED("verify.failed_issuer", failed_issuer) },
    { TLSDIAG_NAMED("verify.failed_serial", failed_serial) },
    { TLSDIAG_NAMED("verify.failed_not_before", failed_not_before) },
    { TLSDIAG_NAMED("verify.failed_not_after", failed_not_after) },
    { TLSDIAG_NAMED("client_cert.subject", client_cert_subject) },
    { TLSDIAG_NAMED("client_cert.issuer", client_cert_issuer) },
    { TLSDIAG_NAMED("client_cert.sent", client_cert_sent) },
    { TLSDIAG_NAMED("client_cert.who_asks", client_cert_who_asks) },
    { TLSDIAG_NAMED("client_cert.left", client_cert_left) },
    { TLSDIAG_NAMED("client_cert.whose", client_cert_whose) },
    { NULL, 0, NULL, false },
};
