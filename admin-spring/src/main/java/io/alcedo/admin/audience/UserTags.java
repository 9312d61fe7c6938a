package io.alcedo.admin.audience;

/** A user's tags as the engine reads them: a JSON object on one line. */
record UserTags(String userId, String tags) {}
