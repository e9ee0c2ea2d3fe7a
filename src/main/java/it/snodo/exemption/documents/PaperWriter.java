package it.snodo.exemption.documents;

import it.snodo.exemption.CertificateSecrecy;
import it.snodo.exemption.IssuedExemption;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.ExemptService;
import it.snodo.registry.Exemption;
import it.snodo.registry.Icd9;
import it.snodo.registry.Region;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Puts exemptions into the words of a page, with the tables as they are on that day. */
@Component
class PaperWriter {

    private final CodeTables tables;
    private final CertificateSecrecy secrecy;

    PaperWriter(CodeTables tables, CertificateSecrecy secrecy) {
        this.tables = tables;
        this.secrecy = secrecy;
    }

    /**
     * @param inForce what it lists
     * @param newest of the person's, whatever its state: whose data are shown, and in the name of which ASL when none is in
     *     force
     */
    PaperPage attestato(List<IssuedExemption> inForce, IssuedExemption newest, LocalDate day) {
        IssuedExemption issuer = inForce.stream()
                .max(Comparator.comparing(IssuedExemption::issuedAt).thenComparing(IssuedExemption::id))
                .orElse(newest);
        return page(
                issuer.asl(),
                newest,
                inForce.stream()
                        .sorted(Comparator.comparing(IssuedExemption::from).thenComparing(IssuedExemption::id))
                        .map(one -> line(one, day))
                        .toList(),
                List.of());
    }

    PaperPage promemoria(IssuedExemption exemption, LocalDate day) {
        List<String> services = secrecy.underSpecialLaws(exemption)
                ? List.of()
                : tables.exemptServices(exemption.code(), exemption.diagnosis(), day).stream()
                        .map(PaperWriter::inWords)
                        .toList();
        return page(exemption.asl(), exemption, List.of(line(exemption, day)), services);
    }

    private PaperPage page(String asl, IssuedExemption whose, List<PaperPage.Line> lines, List<String> services) {
        Optional<Azienda> azienda = tables.azienda(asl);
        return new PaperPage(
                null,
                null,
                null,
                azienda.flatMap(a -> tables.region(a.region()))
                        .map(Region::organization)
                        .orElse("Servizio sanitario regionale"),
                azienda.map(Azienda::name).orElse("ASL " + asl),
                azienda.map(Azienda::telecom).orElse(null),
                new PaperPage.Person(
                        whose.family(), whose.given(), whose.birthDate(), whose.sex(), whose.patientFiscalCode()),
                lines,
                services);
    }

    /** Of what leggi speciali protect, only what a desk needs is printed: code, days, ASL. */
    private PaperPage.Line line(IssuedExemption exemption, LocalDate day) {
        boolean silent = secrecy.underSpecialLaws(exemption);
        Optional<Exemption> known =
                tables.exemption(exemption.code(), day).or(() -> tables.exemption(exemption.code()));
        String group = known.map(Exemption::familyLabel).orElse("Esenzione");
        boolean diagnosis = !silent && exemption.diagnosis() != null && !CodeTables.isFiller(exemption.diagnosis());
        return new PaperPage.Line(
                exemption.code(),
                silent ? group : known.map(Exemption::title).orElse(group),
                group,
                diagnosis ? Icd9.dotted(exemption.diagnosis()) : null,
                diagnosis
                        ? tables.diagnosis(exemption.diagnosis())
                                .map(found -> found.title())
                                .orElse(null)
                        : null,
                exemption.from(),
                exemption.to(),
                tables.azienda(exemption.asl()).map(Azienda::name).orElse(exemption.asl()),
                exemption.pratica());
    }

    private static String inWords(ExemptService service) {
        return service.title()
                + (service.classNote() == null ? "" : " [" + service.classNote() + "]")
                + (service.code() == null ? "" : " (" + service.code() + ")")
                + (service.cyclic() ? ", a cicli" : "");
    }
}
