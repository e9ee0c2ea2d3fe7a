package it.snodo.simulator.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parts of a multipart/form-data body, by name; of equal names the first counts. */
public final class Multipart {

    /**
     * @param file whether the part came with a file name
     */
    public record Part(String name, boolean file, String contentType, byte[] bytes) {}

    private final Map<String, Part> parts;

    private Multipart(Map<String, Part> parts) {
        this.parts = parts;
    }

    /** Takes a body apart; {@code IOException} says that it is not what its content type promises. */
    public static Multipart of(Request request) throws IOException {
        FullHttpRequest full = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(request.body()));
        full.headers().set(HttpHeaderNames.CONTENT_TYPE, request.header("content-type"));
        HttpPostRequestDecoder decoder = null;
        try {
            // everything stays in memory: documents are a few megabytes at most
            decoder = new HttpPostRequestDecoder(new DefaultHttpDataFactory(false), full, StandardCharsets.UTF_8);
            Map<String, Part> parts = new LinkedHashMap<>();
            for (InterfaceHttpData data : decoder.getBodyHttpDatas()) {
                if (data instanceof HttpData part) {
                    boolean file = data instanceof FileUpload;
                    String type = data instanceof FileUpload upload ? upload.getContentType() : null;
                    parts.putIfAbsent(data.getName(), new Part(data.getName(), file, type, part.get()));
                }
            }
            return new Multipart(parts);
        } catch (RuntimeException e) {
            throw new IOException("not a multipart body", e);
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }

    /** The part of that name, or null. */
    public Part part(String name) {
        return parts.get(name);
    }
}
