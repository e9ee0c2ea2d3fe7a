package it.snodo.exemption.documents;

import it.snodo.aura.Aura;
import it.snodo.document.PdfPages;
import it.snodo.exemption.CertificateSecrecy;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.Identities;
import it.snodo.publication.PublicationStore;
import it.snodo.registry.CodeTables;
import java.time.Clock;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** The maker of papers, upon a real database and a register that is played. */
public final class PapersKit {

    private PapersKit() {}

    public static ExemptionPapers papers(
            Exemptions exemptions, PublicationStore database, CodeTables tables, PdfPages pages, Clock clock) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("exemptions", exemptions);
        return new ExemptionPapers(
                beans.getBeanProvider(Exemptions.class),
                new PaperWriter(tables, new CertificateSecrecy(database.jdbc)),
                new PaperStore(database.jdbc),
                pages,
                new Identities(database.jdbc, beans.getBeanProvider(Aura.class)),
                database.transactions,
                clock);
    }
}
