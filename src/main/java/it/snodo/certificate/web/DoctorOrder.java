package it.snodo.certificate.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a doctor orders: a flat JSON object that may carry a PIN and an OTP. It is read by hand, so that these never become
 * text: from the bytes into characters of our own, from those into {@link Secret}s, and both are wiped. Nothing of the body
 * is repeated in a refusal.
 */
final class DoctorOrder implements AutoCloseable {

    private static final int LONGEST = 16 * 1024;
    private static final Set<String> SECRETS = Set.of("pin", "otp");
    private static final Set<String> FLAGS = Set.of("confirm");
    /** Keeps no buffer for the next body. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Boolean> flags = new HashMap<>();
    private final Map<String, Secret> secrets = new HashMap<>();

    private DoctorOrder() {}

    /**
     * @param fields those that there may be
     * @throws SnodoException REQUEST_INVALID, MESSAGE_UNREADABLE with words that show nothing of the body
     */
    static DoctorOrder read(HttpServletRequest request, Set<String> fields) {
        byte[] bytes = new byte[LONGEST + 1];
        CharBuffer characters = null;
        DoctorOrder order = new DoctorOrder();
        boolean read = false;
        try (InputStream in = request.getInputStream()) {
            int length = in.readNBytes(bytes, 0, bytes.length);
            if (length > LONGEST) {
                throw new SnodoException(
                        SnodoCode.FRAME_TOO_LARGE, "Il corpo supera il limite di " + LONGEST + " byte.");
            }
            characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            order.fill(characters, fields);
            read = true;
            return order;
        } catch (CharacterCodingException e) {
            throw unreadable();
        } catch (JsonProcessingException e) {
            // not chained: it may quote the body
            throw unreadable();
        } catch (IOException e) {
            throw new SnodoException(
                    SnodoCode.MESSAGE_UNREADABLE, "Il corpo della richiesta non è arrivato per intero.");
        } finally {
            Arrays.fill(bytes, (byte) 0);
            if (characters != null) {
                Arrays.fill(characters.array(), '\0');
            }
            if (!read) {
                order.close();
            }
        }
    }

    private void fill(CharBuffer body, Set<String> fields) throws IOException {
        try (JsonParser json = JSON.createParser(body.array(), body.arrayOffset(), body.remaining())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID, "Il corpo della richiesta deve essere un oggetto JSON.");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                if (!fields.contains(field)) {
                    throw new SnodoException(
                            SnodoCode.REQUEST_INVALID,
                            "Un campo della richiesta non esiste. I campi ammessi sono: "
                                    + String.join(", ", fields.stream().sorted().toList()) + ".");
                }
                value(json, field);
            }
            if (json.nextToken() != null) {
                throw unreadable();
            }
        }
    }

    private void value(JsonParser json, String field) throws IOException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (FLAGS.contains(field)) {
            if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                throw wrong(field, "true o false");
            }
            flags.put(field, token == JsonToken.VALUE_TRUE);
            return;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw wrong(field, "un testo tra virgolette");
        }
        if (!SECRETS.contains(field)) {
            String text = json.getText().strip();
            if (!isWritable(text)) {
                throw wrong(field, "un testo senza caratteri di controllo");
            }
            if (!text.isEmpty()) {
                texts.put(field, text);
            }
            return;
        }
        char[] from = json.getTextCharacters();
        int offset = json.getTextOffset();
        int length = json.getTextLength();
        Secret before = secrets.put(field, Secret.of(Arrays.copyOfRange(from, offset, offset + length)));
        // where it stood, or was put together
        Arrays.fill(from, offset, offset + length, '\0');
        if (before != null) {
            before.close();
        }
    }

    /** What a page, which is XML, can say: else an annulment's is tried for ever. */
    private static boolean isWritable(String text) {
        return text.codePoints()
                .allMatch(each -> each >= ' ' && each != 0x7f && each < 0xd800
                        || each == '\n'
                        || each == '\r'
                        || each == '\t'
                        || each >= 0xe000 && each < 0xfffe
                        || each >= 0x10000);
    }

    private static SnodoException wrong(String field, String wanted) {
        return new SnodoException(SnodoCode.REQUEST_INVALID, "Il campo «" + field + "»: serve " + wanted + ".");
    }

    private static SnodoException unreadable() {
        return new SnodoException(
                SnodoCode.MESSAGE_UNREADABLE, "Il corpo della richiesta non è un oggetto JSON leggibile in UTF-8.");
    }

    /** @return null when it is not there */
    String text(String field) {
        return texts.get(field);
    }

    /** @throws SnodoException REQUEST_INVALID when it is not there */
    String need(String field) {
        String text = texts.get(field);
        if (text == null) {
            throw missing(field);
        }
        return text;
    }

    boolean flag(String field) {
        return flags.getOrDefault(field, false);
    }

    /** @return null when it is not there; whoever takes it wipes it, and {@link #close()} does */
    Secret secret(String field) {
        return secrets.get(field);
    }

    private static SnodoException missing(String field) {
        return new SnodoException(SnodoCode.REQUEST_INVALID, "Manca il campo «" + field + "».");
    }

    @Override
    public void close() {
        secrets.values().stream().filter(java.util.Objects::nonNull).forEach(Secret::close);
    }
}
