package io.alcedo.admin.api;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.apache.ibatis.type.BaseTypeHandler;
import org.apache.ibatis.type.JdbcType;
import org.apache.ibatis.type.MappedTypes;
import org.springframework.stereotype.Component;

/** Moments in the database are Unix milliseconds: no time zone of a server or driver can move them. */
@Component
@MappedTypes(Instant.class)
public class InstantAsMillis extends BaseTypeHandler<Instant> {
    @Override
    public void setNonNullParameter(PreparedStatement statement, int index, Instant moment, JdbcType type)
            throws SQLException {
        statement.setLong(index, moment.toEpochMilli());
    }

    @Override
    public Instant getNullableResult(ResultSet row, String column) throws SQLException {
        return orNull(row.getLong(column), row.wasNull());
    }

    @Override
    public Instant getNullableResult(ResultSet row, int column) throws SQLException {
        return orNull(row.getLong(column), row.wasNull());
    }

    @Override
    public Instant getNullableResult(CallableStatement row, int column) throws SQLException {
        return orNull(row.getLong(column), row.wasNull());
    }

    private static Instant orNull(long millis, boolean isNull) {
        return isNull ? null : Instant.ofEpochMilli(millis);
    }
}
