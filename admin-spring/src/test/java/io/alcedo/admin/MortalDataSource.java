package io.alcedo.admin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/**
 * A database whose client dies, for the calling thread, at the n-th thing it asks: before it is done, or just after. What
 * was not committed is lost as it is when a process is killed; everything asked afterwards fails.
 */
public final class MortalDataSource extends DelegatingDataSource {
    private static final ThreadLocal<Life> LIFE = new ThreadLocal<>();

    private MortalDataSource(DataSource real) {
        super(real);
    }

    /** Runs it with so many calls to live; returns whether it came to its end. */
    public static boolean survives(int calls, boolean dieAfterwards, Runnable work) {
        LIFE.set(new Life(calls, dieAfterwards));
        try {
            work.run();
            return true;
        } catch (RuntimeException | Killed e) {
            if (LIFE.get().left > 0) {
                throw e; // it failed by itself
            }
            return false;
        } finally {
            LIFE.remove();
        }
    }

    /** Transactions that die with the calling thread, whichever thread they run in. */
    public static PlatformTransactionManager sharing(PlatformTransactionManager real) {
        Life life = LIFE.get();
        return new PlatformTransactionManager() {
            @Override
            public TransactionStatus getTransaction(TransactionDefinition definition) {
                LIFE.set(life);
                return real.getTransaction(definition);
            }

            @Override
            public void commit(TransactionStatus status) {
                real.commit(status);
            }

            @Override
            public void rollback(TransactionStatus status) {
                real.rollback(status);
            }
        };
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = super.getConnection();
        return LIFE.get() == null ? real : mortal(real);
    }

    private static Connection mortal(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        switch (method.getName()) {
                            case "prepareStatement":
                                return mortal(real, (PreparedStatement) method.invoke(real, arguments));
                            case "commit":
                                return LIFE.get().spend(real, () -> method.invoke(real, arguments));
                            default:
                                return method.invoke(real, arguments);
                        }
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static PreparedStatement mortal(Connection connection, PreparedStatement real) {
        return (PreparedStatement) Proxy.newProxyInstance(
                PreparedStatement.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.getName().startsWith("execute") && LIFE.get() != null
                                ? LIFE.get().spend(connection, () -> method.invoke(real, arguments))
                                : method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static final class Life {
        private final boolean dieAfterwards;
        private int left;

        Life(int calls, boolean dieAfterwards) {
            this.left = calls;
            this.dieAfterwards = dieAfterwards;
        }

        Object spend(Connection connection, Call call) throws Throwable {
            if (left <= 0) {
                throw new Killed();
            }
            left--;
            if (left > 0) {
                return call.run();
            }
            if (dieAfterwards) {
                call.run();
            }
            // What a server does when its client is gone.
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            throw new Killed();
        }
    }

    private interface Call {
        Object run() throws Throwable;
    }

    /** The end. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Puts it around the service's own. */
    @TestConfiguration
    static class Around {
        @Bean
        static BeanPostProcessor mortal() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource real ? new MortalDataSource(real) : bean;
                }
            };
        }
    }
}
