package it.snodo.pratica;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of file that may be attached, told by what is in them and never by their name. */
public enum AttachmentKind {
    PDF("application/pdf", "pdf"),
    DOC("application/msword", "doc"),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    XLS("application/vnd.ms-excel", "xls"),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ZIP("application/zip", "zip"),
    PNG("image/png", "png"),
    GIF("image/gif", "gif"),
    JPEG("image/jpeg", "jpeg");

    private static final byte[] OLE = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final byte[] PNG_SIGN = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte[] JPEG_SIGN = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    private static final int LOCAL_FILE = 0x04034b50;
    private static final int DIRECTORY_ENTRY = 0x02014b50;
    private static final int DIRECTORY_END = 0x06054b50;

    private final String mediaType;
    private final String extension;

    AttachmentKind(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /** The name with the ending that the content has a right to; .jpg stays. */
    String named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith("." + extension) || this == JPEG && lower.endsWith(".jpg")) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        return (dot > 0 && name.length() - dot <= 6 ? name.substring(0, dot) : name) + "." + extension;
    }

    /** Empty: none of the kinds allowed. */
    static Optional<AttachmentKind> of(byte[] content) {
        if (starts(content, "%PDF-".getBytes(StandardCharsets.US_ASCII))) {
            return Optional.of(PDF);
        }
        if (starts(content, PNG_SIGN)) {
            return Optional.of(PNG);
        }
        if (starts(content, "GIF87a".getBytes(StandardCharsets.US_ASCII))
                || starts(content, "GIF89a".getBytes(StandardCharsets.US_ASCII))) {
            return Optional.of(GIF);
        }
        if (starts(content, JPEG_SIGN)) {
            return Optional.of(JPEG);
        }
        if (starts(content, OLE)) {
            return office(content);
        }
        return zipped(content);
    }

    /** Word and Excel until 2003 are told by the names of their streams, in the compound file's directory. */
    private static Optional<AttachmentKind> office(byte[] content) {
        if (contains(content, "WordDocument".getBytes(StandardCharsets.UTF_16LE))) {
            return Optional.of(DOC);
        }
        boolean sheet = contains(content, "Workbook".getBytes(StandardCharsets.UTF_16LE))
                || contains(content, "B\0o\0o\0k\0\0\0".getBytes(StandardCharsets.US_ASCII));
        return sheet ? Optional.of(XLS) : Optional.empty();
    }

    /** By the names in the directory at the end: nothing is unpacked. A document with macros is none of the kinds. */
    private static Optional<AttachmentKind> zipped(byte[] content) {
        List<String> names = names(content);
        if (names == null) {
            return Optional.empty();
        }
        if (!names.contains("[Content_Types].xml")) {
            return Optional.of(ZIP);
        }
        if (names.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).endsWith("vbaproject.bin"))) {
            return Optional.empty();
        }
        if (names.contains("word/document.xml")) {
            return Optional.of(DOCX);
        }
        return names.contains("xl/workbook.xml") ? Optional.of(XLSX) : Optional.empty();
    }

    /** Names of the entries; null when it is no whole ZIP file. */
    private static List<String> names(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int end = content.length - 22;
        while (end >= 0 && bytes.getInt(end) != DIRECTORY_END) {
            end--;
        }
        if (end < 0 || bytes.getInt(0) != LOCAL_FILE && end != 0) {
            return null;
        }
        int entries = Short.toUnsignedInt(bytes.getShort(end + 10));
        long at = Integer.toUnsignedLong(bytes.getInt(end + 16));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            if (at + 46 > end || bytes.getInt((int) at) != DIRECTORY_ENTRY) {
                return null;
            }
            int name = Short.toUnsignedInt(bytes.getShort((int) at + 28));
            int rest = Short.toUnsignedInt(bytes.getShort((int) at + 30))
                    + Short.toUnsignedInt(bytes.getShort((int) at + 32));
            if (at + 46 + name > end) {
                return null;
            }
            names.add(new String(content, (int) at + 46, name, StandardCharsets.UTF_8));
            at += 46L + name + rest;
        }
        return names;
    }

    private static boolean starts(byte[] content, byte[] with) {
        return content.length > with.length && java.util.Arrays.equals(content, 0, with.length, with, 0, with.length);
    }

    private static boolean contains(byte[] content, byte[] part) {
        for (int i = 0; i + part.length <= content.length; i++) {
            if (java.util.Arrays.equals(content, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
