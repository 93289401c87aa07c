package io.millrace.jobs.config;

import java.io.IOException;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonMappingException;

/** Reads the texts of a file with {@link EnvironmentVariables} put in; a value keeps its place in the file. */
final class ExpandingParser extends JsonParserDelegate {
    private final UnaryOperator<String> variables;

    ExpandingParser(JsonParser parser, UnaryOperator<String> variables) {
        super(parser);
        this.variables = variables;
    }

    private String expanded(String text) throws IOException {
        if (text == null || delegate.currentToken() != JsonToken.VALUE_STRING) {
            return text;
        }
        try {
            return EnvironmentVariables.expand(text, variables);
        } catch (ConfigurationException unset) {
            throw JsonMappingException.from(this, unset.getMessage());
        }
    }

    @Override
    public String getText() throws IOException {
        return expanded(super.getText());
    }

    @Override
    public String getValueAsString() throws IOException {
        return expanded(super.getValueAsString());
    }

    @Override
    public String getValueAsString(String otherwise) throws IOException {
        return expanded(super.getValueAsString(otherwise));
    }

    @Override
    public boolean hasTextCharacters() {
        return false;
    }

    @Override
    public char[] getTextCharacters() throws IOException {
        return getText().toCharArray();
    }

    @Override
    public int getTextLength() throws IOException {
        return getText().length();
    }

    @Override
    public int getTextOffset() {
        return 0;
    }
}
