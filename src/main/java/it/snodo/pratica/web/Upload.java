package it.snodo.pratica.web;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import it.snodo.fault.SnodoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The file of a multipart/form-data body. Read from memory, whose bound is that of all bodies: the container would write
 * health data to the machine's temporary folder.
 *
 * @param name as the sender calls it; may be empty
 */
record Upload(String name, byte[] bytes) {

    /** @throws SnodoException REQUEST_INVALID when there is not exactly one file in it */
    static Upload of(String contentType, byte[] body) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        HttpPostRequestDecoder decoder = null;
        try {
            decoder = new HttpPostRequestDecoder(new DefaultHttpDataFactory(false), request, StandardCharsets.UTF_8);
            Upload found = null;
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                if (part instanceof FileUpload file) {
                    if (found != null) {
                        throw Answers.invalid("Allegare un file per volta: la richiesta ne contiene più di uno.");
                    }
                    found = new Upload(file.getFilename(), file.get());
                }
            }
            if (found == null) {
                throw Answers.invalid(
                        "Manca il file: va inviato come parte «file» di una richiesta multipart/form-data.");
            }
            return found;
        } catch (IOException | HttpPostRequestDecoder.ErrorDataDecoderException e) {
            throw Answers.invalid("Il corpo non è un multipart/form-data leggibile.");
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }
}
