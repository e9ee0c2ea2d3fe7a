<?xml version="1.0" encoding="UTF-8"?>
<!--
  Makes a lean XSLT 3.0 stylesheet from a Schematron schema whose includes and abstract patterns are already expanded.

  The result, applied to a document, returns one element per finding and nothing else:
    <assert id= role= location=>message</assert>   a failed assertion
    <report …>                                     a fired report
  An SVRL report also lists every rule that fired, and building it costs several times more than the checks.

  One mode per pattern; in a pattern the first matching rule wins, so a rule's priority is its place from the end. Every
  node is visited whether a rule fired on its parent or not. Messages and locations are made only for findings.
-->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:out="urn:snodo:xslt" xmlns:s="urn:snodo:schematron" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xpath-default-namespace="http://purl.oclc.org/dsdl/schematron" exclude-result-prefixes="#all">

  <xsl:namespace-alias stylesheet-prefix="out" result-prefix="xsl"/>
  <xsl:output method="xml"/>

  <xsl:template match="/schema">
    <out:stylesheet version="3.0">
      <xsl:for-each select="ns">
        <xsl:namespace name="{@prefix}" select="@uri"/>
      </xsl:for-each>
      <xsl:namespace name="s" select="'urn:snodo:schematron'"/>
      <xsl:attribute name="exclude-result-prefixes">#all</xsl:attribute>
      <!-- keys and functions a schema brings along -->
      <xsl:copy-of select="xsl:key | xsl:function" copy-namespaces="yes"/>
      <xsl:apply-templates select="let | pattern/let"/>

      <out:template match="/">
        <xsl:for-each select="pattern[rule]">
          <out:apply-templates select="." mode="pattern{position()}"/>
        </xsl:for-each>
      </out:template>

      <xsl:for-each select="pattern[rule]">
        <xsl:variable name="mode" select="'pattern' || position()"/>
        <xsl:variable name="visited" select="if (some $c in rule/@context satisfies s:beyond-elements($c)) then '@*|node()' else '*'"/>
        <out:template match="document-node() | element()" mode="{$mode}" priority="-1">
          <out:apply-templates select="{$visited}" mode="{$mode}"/>
        </out:template>
        <out:template match="text() | @* | comment() | processing-instruction()" mode="{$mode}" priority="-1"/>
        <xsl:apply-templates select="rule">
          <xsl:with-param name="mode" select="$mode"/>
          <xsl:with-param name="visited" select="$visited"/>
        </xsl:apply-templates>
      </xsl:for-each>

      <out:function name="s:location">
        <out:param name="node"/>
        <out:sequence select="string-join(for $n in $node/ancestor-or-self::node()[not(self::document-node())] return concat('/', if ($n instance of attribute()) then '@' else '', local-name($n), if ($n instance of element()) then concat('[', 1 + count($n/preceding-sibling::*[node-name(.) = node-name($n)]), ']') else ''))"/>
      </out:function>
    </out:stylesheet>
  </xsl:template>

  <xsl:template match="rule">
    <xsl:param name="mode" required="yes"/>
    <xsl:param name="visited" required="yes"/>
    <out:template match="{@context}" mode="{$mode}" priority="{1 + count(following-sibling::rule)}">
      <xsl:apply-templates select="let | assert | report"/>
      <out:apply-templates select="{$visited}" mode="{$mode}"/>
    </out:template>
  </xsl:template>

  <xsl:template match="let">
    <out:variable name="{@name}">
      <xsl:choose>
        <xsl:when test="@value"><xsl:attribute name="select" select="@value"/></xsl:when>
        <xsl:otherwise><xsl:copy-of select="node()"/></xsl:otherwise>
      </xsl:choose>
    </out:variable>
  </xsl:template>

  <xsl:template match="assert | report">
    <out:if test="{if (self::assert) then 'not(' || @test || ')' else @test}">
      <xsl:element name="{local-name()}">
        <xsl:copy-of select="@id, @role"/>
        <out:attribute name="location" select="s:location(.)"/>
        <xsl:apply-templates mode="message"/>
      </xsl:element>
    </out:if>
  </xsl:template>

  <xsl:template match="text()" mode="message">
    <out:text><xsl:value-of select="."/></out:text>
  </xsl:template>
  <xsl:template match="value-of" mode="message">
    <out:value-of select="{@select}"/>
  </xsl:template>
  <xsl:template match="name" mode="message">
    <out:value-of select="name({(@path, '.')[1]})"/>
  </xsl:template>
  <xsl:template match="emph | dir | span" mode="message">
    <xsl:apply-templates mode="message"/>
  </xsl:template>

  <!-- Does a context reach attributes or text? Predicates aside, it then names them. -->
  <xsl:function name="s:beyond-elements" as="xs:boolean">
    <xsl:param name="context"/>
    <xsl:variable name="bare" select="replace($context, '\[[^\[\]]*\]', '')"/>
    <xsl:sequence select="if ($bare ne string($context)) then s:beyond-elements($bare) else matches($bare, '@|attribute|text\(|comment\(|node\(|processing-instruction')"/>
  </xsl:function>
</xsl:stylesheet>
