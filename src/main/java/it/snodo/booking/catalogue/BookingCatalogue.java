package it.snodo.booking.catalogue;

import it.snodo.booking.Note;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The booking tables of {@code mappings/}, as they are valid on a day. */
public interface BookingCatalogue {

    /** The catalogue of a folder's tables. */
    static BookingCatalogue of(ConfigFolder folder, CodeTables tables) {
        return new TableCatalogue(folder, tables);
    }

    /** The entry of a specific item, or of a service. */
    Optional<CatalogueItem> item(String codeOrItem, LocalDate day);

    /** Specific items of a service (R36). */
    List<CatalogueItem> itemsOf(String service, LocalDate day);

    /** All that is valid on that day. */
    Collection<CatalogueItem> items(LocalDate day);

    /**
     * What an azienda's CUP calls a service or item: the hidden relation (R34). For an item that is meant for a diagnostic
     * question the specific codes come first, then those of the service itself (R36). Empty when it does not offer it. A connected
     * azienda of which the table tells nothing at all offers the catalogue under the catalogue's own codes.
     */
    List<LocalService> local(String azienda, String codeOrItem, LocalDate day);

    /** The regional code of a CUP's own code; empty when there is no relation. */
    Optional<LocalService> regional(String azienda, String localCode, LocalDate day);

    /**
     * Notes of the catalogue (R84): those of any azienda, and where an azienda is given (it may be null) its own. An item has
     * those of its service too.
     */
    List<Note> notes(String codeOrItem, String azienda, LocalDate day);

    /** The azienda that is connected on that day, by any of its codes, the ones of 2007 included (R1). */
    Optional<CupAzienda> azienda(String code, LocalDate day);

    /** Every azienda that is connected on that day. */
    Collection<CupAzienda> aziende(LocalDate day);

    /**
     * A limit of {@code mappings/booking-limits.csv} on that day, such as {@code prescription-days}.
     *
     * @throws it.snodo.registry.TableException when the table has none of that name
     */
    java.math.BigDecimal limit(String name, LocalDate day);

    /** A form by its id, {@code M01} (R8). */
    Optional<PrescriptionForm> form(String id, LocalDate day);

    /** A priority class by its letter (R57). */
    Optional<PriorityClass> priority(String letter, LocalDate day);

    /** The class that stands for a missing one (R58). */
    PriorityClass standardPriority(LocalDate day);

    /** The country of a convention in force that day, by name, ISTAT or ISO 3166 code (R53). */
    Optional<ConventionCountry> convention(String country, LocalDate day);

    /** How exemption codes are written (R75), in the order in which they are to be tried. */
    List<ExemptionFormat> exemptionFormats(LocalDate day);

    /** The first format that a code has; the case of its letters does not matter (R74). Empty when it has none. */
    default Optional<ExemptionFormat> exemptionFormat(String code, LocalDate day) {
        String key = code.strip().toUpperCase(java.util.Locale.ROOT);
        return exemptionFormats(day).stream().filter(each -> each.fits(key)).findFirst();
    }

    /** Pairs of services that spoil each other (R32). */
    List<Incompatibility> incompatibilities(LocalDate day);

    /** A Comune that exists no more that day, by its name or its old code (R44); empty for one that does. */
    Optional<VanishedComune> vanished(String comune, LocalDate day);

    /** Reads every table that has not been read yet. */
    default void warm() {}

    /** @param localCode the CUP's own code of the regional service or item */
    record LocalService(String azienda, String service, String item, String localCode) {}
}
