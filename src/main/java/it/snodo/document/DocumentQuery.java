package it.snodo.document;

import it.snodo.document.PublishedDocument.State;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * What is asked for; a null, or an empty set, asks nothing.
 *
 * @param ids identifiers (extensions) of documents
 * @param patientOid kind of the patient's identifier
 * @param patientId the patient's identifier
 * @param types LOINC codes
 * @param made when the document was made
 * @param visit when the person was seen
 * @param oldestFirst the other way round from the usual newest first
 * @param after where the last page ended
 * @param offset how many to skip, for protocols that page by number
 * @param limit how many at most
 */
public record DocumentQuery(
        Set<String> ids,
        String patientOid,
        String patientId,
        Set<String> types,
        Set<State> states,
        List<Bound> made,
        List<Bound> visit,
        boolean oldestFirst,
        Cursor after,
        int offset,
        int limit) {

    public DocumentQuery {
        ids = ids == null ? Set.of() : Set.copyOf(ids);
        types = types == null ? Set.of() : Set.copyOf(types);
        states = states == null ? Set.of() : Set.copyOf(states);
        made = made == null ? List.of() : List.copyOf(made);
        visit = visit == null ? List.of() : List.copyOf(visit);
    }

    /** One side of an interval; {@code operator} is one of {@code <, <=, >, >=}. */
    public record Bound(String operator, OffsetDateTime at) {

        public Bound {
            if (!Set.of("<", "<=", ">", ">=").contains(operator)) {
                throw new IllegalArgumentException("not an operator: " + operator);
            }
        }
    }

    /** The last document of a page, as text that means nothing to its holder. */
    public record Cursor(OffsetDateTime madeAt, String id) {

        public String encode() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((madeAt + " " + id).getBytes(StandardCharsets.UTF_8));
        }

        /** @throws IllegalArgumentException when the text is not a cursor */
        public static Cursor decode(String text) {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int cut = plain.indexOf(' ');
            if (cut < 0) {
                throw new IllegalArgumentException("not a cursor");
            }
            try {
                return new Cursor(OffsetDateTime.parse(plain.substring(0, cut)), plain.substring(cut + 1));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("not a cursor", e);
            }
        }
    }
}
