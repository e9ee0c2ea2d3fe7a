package it.snodo.exemption.web;

import it.snodo.access.AccessKit;
import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.PatientProfile;
import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfPages;
import it.snodo.exemption.CertificateSecrecy;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.Identities;
import it.snodo.exemption.PlayedExemptions;
import it.snodo.exemption.documents.PapersKit;
import it.snodo.fault.SnodoCode;
import it.snodo.publication.PublicationStore;
import it.snodo.registry.CodeTables;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** The readers of exemptions, put together by hand upon a real database. */
final class ReadingKit {

    private static final ConfigFolder FOLDER = new ConfigFolder(Path.of(""));
    private static final CodeTables TABLES = new CodeTables(FOLDER);
    private static final PdfPages PAGES = new PdfPages(FOLDER);

    final PlayedExemptions exemptions = new PlayedExemptions();
    final MockMvc web;
    final CoverageProvider fhir;
    /** Who calls. */
    Operator who;
    /** What AURA says of everybody; null: it does not answer. */
    PatientProfile profile;

    ReadingKit(PublicationStore database) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("exemptions", exemptions);
        beans.addBean("aura", aura());
        Operators operators = AccessKit.operators(() -> who);
        Audit audit = AccessKit.audit(database.jdbc);
        ExemptionAccess access = new ExemptionAccess(
                beans.getBeanProvider(Aura.class),
                database.jdbc,
                new CertificateSecrecy(database.jdbc),
                new Identities(database.jdbc, beans.getBeanProvider(Aura.class)));
        web = MockMvcBuilders.standaloneSetup(new ExemptionsController(
                        beans.getBeanProvider(Exemptions.class),
                        beans.getBeanProvider(Aura.class),
                        PapersKit.papers(exemptions, database, TABLES, PAGES, Clock.systemUTC()),
                        access,
                        new ExemptionViews(TABLES),
                        operators,
                        audit))
                .build();
        fhir = new CoverageProvider(
                beans.getBeanProvider(Exemptions.class),
                access,
                new Coverages(TABLES),
                operators,
                audit,
                database.jdbc);
    }

    private Aura aura() {
        return (Aura) Proxy.newProxyInstance(
                ReadingKit.class.getClassLoader(), new Class<?>[] {Aura.class}, (proxy, method, arguments) -> {
                    if (profile == null) {
                        throw new AuraUnavailable(SnodoCode.DESTINATION_UNREACHABLE, "AURA non risponde.", false, null);
                    }
                    return Optional.of(profile);
                });
    }
}
