package it.snodo.booking.desk;

import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.ConventionCountry;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.catalogue.ExemptionFormat;
import it.snodo.booking.catalogue.Incompatibility;
import it.snodo.booking.catalogue.PrescriptionForm;
import it.snodo.booking.catalogue.PriorityClass;
import it.snodo.booking.catalogue.VanishedComune;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Eighteen aziende that all offer every service but {@code NOWHERE}. */
public final class FakeCatalogue implements BookingCatalogue {

    private final Map<String, CupAzienda> aziende = new TreeMap<>();

    public FakeCatalogue() {
        for (int i = 1; i <= 18; i++) {
            String code = "010%03d".formatted(300 + i);
            aziende.put(
                    code,
                    new CupAzienda(
                            code,
                            code.substring(3),
                            "Azienda " + i,
                            "SIU",
                            null,
                            0,
                            "2.5",
                            null,
                            null,
                            true,
                            true,
                            true,
                            false,
                            false,
                            // the last one looks at our code first
                            i == 18 ? Set.of("PLACER_FIRST") : Set.of()));
        }
    }

    @Override
    public Optional<CatalogueItem> item(String codeOrItem, LocalDate day) {
        return Optional.empty();
    }

    @Override
    public List<CatalogueItem> itemsOf(String service, LocalDate day) {
        return List.of();
    }

    @Override
    public Collection<CatalogueItem> items(LocalDate day) {
        return List.of();
    }

    @Override
    public List<LocalService> local(String azienda, String codeOrItem, LocalDate day) {
        return codeOrItem.equals("NOWHERE")
                ? List.of()
                : List.of(new LocalService(azienda, codeOrItem, codeOrItem, azienda.substring(3) + "-" + codeOrItem));
    }

    @Override
    public Optional<LocalService> regional(String azienda, String localCode, LocalDate day) {
        return Optional.of(new LocalService(azienda, localCode.substring(4), localCode.substring(4), localCode));
    }

    @Override
    public List<Note> notes(String codeOrItem, String azienda, LocalDate day) {
        return List.of();
    }

    @Override
    public Optional<CupAzienda> azienda(String code, LocalDate day) {
        return Optional.ofNullable(aziende.get(code.length() == 3 ? "010" + code : code));
    }

    @Override
    public Collection<CupAzienda> aziende(LocalDate day) {
        return aziende.values();
    }

    @Override
    public BigDecimal limit(String name, LocalDate day) {
        return BigDecimal.ZERO;
    }

    @Override
    public Optional<PrescriptionForm> form(String id, LocalDate day) {
        return Optional.empty();
    }

    @Override
    public Optional<PriorityClass> priority(String letter, LocalDate day) {
        return Optional.empty();
    }

    @Override
    public PriorityClass standardPriority(LocalDate day) {
        return new PriorityClass("P", "Programmata", 180, 180, true, true);
    }

    @Override
    public Optional<ConventionCountry> convention(String country, LocalDate day) {
        return Optional.empty();
    }

    @Override
    public List<ExemptionFormat> exemptionFormats(LocalDate day) {
        return List.of();
    }

    @Override
    public List<Incompatibility> incompatibilities(LocalDate day) {
        return List.of();
    }

    @Override
    public Optional<VanishedComune> vanished(String comune, LocalDate day) {
        return Optional.empty();
    }
}
