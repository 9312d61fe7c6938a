package io.alcedo.admin.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
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

    /** Where programs speak: they are told what is wrong in problem details, also by way of a browser. */
    private static final List<String> PROGRAMS = List.of("/api/", "/engine/", "/actuator", "/openapi", "/swagger-ui");

    /** Whether somebody has opened an address in a browser that is none of ours. */
    public static boolean isLost(HttpServletRequest request) {
        String accepts = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET")
                && accepts != null
                && accepts.contains(MediaType.TEXT_HTML_VALUE)
                && PROGRAMS.stream().noneMatch(request.getRequestURI()::startsWith);
    }

    /** Shows the console, whose page for unknown addresses leads back. */
    public static void showLost(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        request.getRequestDispatcher("/index.html").forward(request, response);
    }

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
