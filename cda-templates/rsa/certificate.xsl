<?xml version="1.0" encoding="UTF-8"?>
<!--
  From a certificate (identity, request, resolved: see it.snodo.certificate.CertificateDocument) to a CDA R2
  "Referto di Specialistica Ambulatoriale".

  This file is the document's skeleton: its elements stand here in the order that the schema wants.
    header.xsl        what the document is, what it answers, what it replaces, where it was made
    participants.xsl  the person, the doctors, the azienda
    body.xsl          the sections with their codes and entries
    narrative.xsl     the sentences and the table that a person reads
    functions.xsl     times, telephone numbers, identifiers

  Whoever changes one of these files runs the cases in cases/ (see ../README.md).
-->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:rsa="urn:it:snodo:rsa"
                xmlns="urn:hl7-org:v3"
                exclude-result-prefixes="#all"
                expand-text="no">

  <xsl:include href="functions.xsl"/>
  <xsl:include href="header.xsl"/>
  <xsl:include href="participants.xsl"/>
  <xsl:include href="body.xsl"/>
  <xsl:include href="narrative.xsl"/>

  <!-- The hub writes UTF-8 with its declaration whatever stands here; indentation is left out of what people read,
       where white space would become part of the text. -->
  <xsl:output method="xml" encoding="UTF-8" omit-xml-declaration="no" indent="yes" suppress-indentation="text title"/>

  <xsl:variable name="identity" as="element()" select="/certificate/identity"/>
  <xsl:variable name="request" as="element()" select="/certificate/request"/>
  <xsl:variable name="resolved" as="element()?" select="/certificate/resolved"/>

  <!-- The moment the document was made, and the moment of the visit it reports. -->
  <xsl:variable name="document-time" as="xs:dateTime" select="rsa:italian-time($identity/effectiveTime)"/>
  <xsl:variable name="visit-time" as="xs:dateTime"
                select="if ($request/visitTime) then rsa:italian-time($request/visitTime) else $document-time"/>

  <xsl:template match="/">
    <ClinicalDocument>
      <xsl:namespace name="xsi" select="'http://www.w3.org/2001/XMLSchema-instance'"/>
      <xsl:call-template name="document-identity"/>
      <xsl:call-template name="patient"/>
      <xsl:call-template name="author"/>
      <xsl:call-template name="custodian"/>
      <xsl:call-template name="legal-authenticator"/>
      <xsl:call-template name="prescription-answered"/>
      <xsl:call-template name="document-replaced"/>
      <xsl:call-template name="encounter"/>
      <component>
        <structuredBody>
          <xsl:call-template name="section-question"/>
          <xsl:call-template name="section-services"/>
          <xsl:call-template name="section-report"/>
          <xsl:call-template name="section-diagnosis"/>
          <xsl:call-template name="section-conclusions"/>
        </structuredBody>
      </component>
    </ClinicalDocument>
  </xsl:template>

</xsl:stylesheet>
