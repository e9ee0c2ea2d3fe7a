package it.snodo.pratica;

import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.exemption.Identities;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds pratiche, the newest first: a district's own, those that a doctor sent; for operations numbers and states. */
@Component
public class PraticaSearch {

    private static final String ACTION = "ricerca delle pratiche";
    private static final int MOST = 100;

    private final JdbcClient db;
    private final Audit audit;
    private final Identities identities;

    PraticaSearch(JdbcClient db, Audit audit, Identities identities) {
        this.db = db;
        this.audit = audit;
        this.identities = identities;
    }

    /**
     * Everything may be null.
     *
     * @param tab DA_FARE (to be worked) or CHIUSE
     * @param exemption canonical code
     * @param from created on that day or later
     * @param to created on that day or earlier
     * @param family beginning of the beneficiary's family name, whatever the case
     * @param fiscalCode the beneficiary's; one that AURA has merged with another finds both
     */
    public record Filter(
            PraticaState state,
            Tab tab,
            String exemption,
            LocalDate from,
            LocalDate to,
            String family,
            String given,
            String fiscalCode) {

        public enum Tab {
            DA_FARE,
            CHIUSE
        }

        boolean namesPerson() {
            return family != null || given != null || fiscalCode != null || exemption != null;
        }
    }

    /**
     * @param total how many there are on all pages
     * @param next cursor of the next page; null when there is none
     */
    public record Page(List<Pratica> items, long total, String next) {}

    /** @param cursor of the page before; null for the first */
    public Page find(Operator operator, Filter filter, String cursor, int limit) {
        Map<String, Object> params = new HashMap<>();
        boolean content = operator.has(Transitions.DISTRICT) || operator.has(Transitions.DOCTOR);
        if (!content && filter.namesPerson()) {
            audit.denied("pratiche", filter.fiscalCode(), ACTION);
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Chi gestisce l'hub cerca le pratiche per stato e data, non per persona.");
        }
        StringBuilder where = new StringBuilder(visible(operator, params));
        and(
                where,
                params,
                "state = :state",
                "state",
                filter.state() == null ? null : filter.state().name());
        if (filter.tab() != null) {
            where.append(
                    filter.tab() == Filter.Tab.DA_FARE
                            ? " and state in ('INVIATA', 'IN_LAVORAZIONE')"
                            : " and state in ('VALIDATA', 'RESPINTA', 'ANNULLATA')");
        }
        and(where, params, "exemption_code = :exemption", "exemption", filter.exemption());
        and(where, params, "created_at >= :from", "from", midnight(filter.from(), 0));
        and(where, params, "created_at < :to", "to", midnight(filter.to(), 1));
        and(where, params, "upper(family) like :family escape '!'", "family", beginning(filter.family()));
        and(where, params, "upper(given) like :given escape '!'", "given", beginning(filter.given()));
        and(
                where,
                params,
                "patient_id in (:patient)",
                "patient",
                filter.fiscalCode() == null ? null : identities.of(filter.fiscalCode()));
        long total = db.sql("select count(*) from pratica where " + where)
                .params(params)
                .query(Long.class)
                .single();
        if (cursor != null && !cursor.isBlank()) {
            Place place = Place.of(cursor);
            where.append(" and (created_at, number) < (:at, :number)");
            params.put("at", place.at);
            params.put("number", place.number);
        }
        int size = Math.max(1, Math.min(limit, MOST));
        params.put("limit", size + 1);
        List<Pratica> found = new ArrayList<>(
                db.sql("select * from pratica where " + where + " order by created_at desc, number desc limit :limit")
                        .params(params)
                        .query(PraticaRegister::pratica)
                        .list());
        boolean more = found.size() > size;
        if (more) {
            found.remove(size);
        }
        told(content, filter, found);
        return new Page(List.copyOf(found), total, more ? Place.after(found.get(size - 1)) : null);
    }

    private static String visible(Operator operator, Map<String, Object> params) {
        List<String> any = new ArrayList<>();
        if (operator.has(Transitions.DISTRICT) && operator.asl() != null) {
            if (Operator.ALL.equals(operator.asl())) {
                return "true";
            }
            params.put("asl", operator.asl());
            any.add("asl = :asl");
        }
        if (operator.has(Transitions.DOCTOR) && operator.fiscalCode() != null) {
            if (Operator.ALL.equals(operator.fiscalCode())) {
                any.add("compiler_kind = 'MEDICO'");
            } else {
                params.put("doctor", operator.fiscalCode().toUpperCase(Locale.ROOT));
                any.add("(compiler_kind = 'MEDICO' and compiler_fiscal_code = :doctor)");
            }
        }
        boolean only = !operator.has(Transitions.DISTRICT) && !operator.has(Transitions.DOCTOR);
        if (only && operator.has(PraticaAccess.OPERATIONS)) {
            return "true";
        }
        return any.isEmpty() ? "false" : "(" + String.join(" or ", any) + ")";
    }

    /** One line of audit for each person shown; one for the question when nobody was. */
    private void told(boolean content, Filter filter, List<Pratica> found) {
        if (!content || found.isEmpty()) {
            audit.read("pratiche, trovate " + found.size(), content ? filter.fiscalCode() : null, ACTION);
            return;
        }
        Map<String, List<String>> shown = new TreeMap<>();
        for (Pratica one : found) {
            shown.computeIfAbsent(one.patient().fiscalCode(), person -> new ArrayList<>())
                    .add(one.number());
        }
        shown.forEach((person, numbers) -> audit.read("pratiche " + String.join(" ", numbers), person, ACTION));
    }

    private static void and(
            StringBuilder where, Map<String, Object> params, String condition, String name, Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            params.put(name, value);
        }
    }

    private static OffsetDateTime midnight(LocalDate day, int plus) {
        return day == null
                ? null
                : day.plusDays(plus).atStartOfDay(PraticaRegister.ROME).toOffsetDateTime();
    }

    private static String beginning(String name) {
        return name == null ? null : name.strip().toUpperCase(Locale.ROOT).replaceAll("([!%_])", "!$1") + "%";
    }

    /** Where a page ended. */
    private record Place(OffsetDateTime at, String number) {

        static String after(Pratica last) {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            (last.createdAt().toInstant() + "|" + last.number()).getBytes(StandardCharsets.US_ASCII));
        }

        static Place of(String cursor) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(cursor.strip()), StandardCharsets.US_ASCII)
                        .split("\\|");
                return new Place(OffsetDateTime.parse(parts[0]), parts[1]);
            } catch (RuntimeException e) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "Il parametro cursor deve essere il valore di next della pagina precedente.");
            }
        }
    }
}
