package it.snodo.access;

import java.util.List;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.xml.MappingJackson2XmlHttpMessageConverter;
import org.springframework.http.converter.yaml.MappingJackson2YamlHttpMessageConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * REST speaks JSON. The libraries that write our XML documents and read our routes would else make Spring read and write XML and
 * YAML at every call too, which nobody has described.
 */
@Component
class OnlyJson implements WebMvcConfigurer {

    @Override
    public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
        converters.removeIf(one -> one instanceof MappingJackson2XmlHttpMessageConverter
                || one instanceof MappingJackson2YamlHttpMessageConverter);
    }
}
