package io.alcedo.admin.api;

import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The console, whose built files are in the jar under {@code static}. Its pages have addresses of their own, and each of
 * them is the one file that then shows it.
 */
@Configuration
public class ConsolePages implements WebMvcConfigurer {
    /** Addresses that somebody may open or keep as a bookmark. What they show is asked of the API, which knows who may. */
    public static final String[] PAGES = {
        "/",
        "/live",
        "/matches/*",
        "/rules/**",
        "/templates",
        "/users",
        "/audiences",
        "/backtests",
        "/backtests/*",
        "/audit",
        "/settings"
    };

    /** Files that need nobody signed in: the console itself, and the licences of what is inside it. */
    public static final String[] FILES = {"/index.html", "/assets/*", "/THIRD-PARTY.txt"};

    /** Their names tell their contents, so what a browser has of them is right for ever. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        for (String page : PAGES) {
            registry.addViewController(page).setViewName("forward:/index.html");
        }
    }
}
