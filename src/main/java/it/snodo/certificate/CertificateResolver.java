package it.snodo.certificate;

/** Adds to an accepted request what the tables know: words for codes, names of places and companies, OIDs. */
public interface CertificateResolver {

    CertificateDocument.Resolved resolve(CertificateRequest request);
}
