@echo off
rem Starts nibble from an unpacked distribution.
setlocal
set "LIB=%~dp0..\lib"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" --list-modules 2>nul | findstr /b /c:"java.base@25" >nul
if errorlevel 1 (
  echo nibble: needs Java 25.0.3 or a later 25: install it, for example from https://adoptium.net/, and set JAVA_HOME to it. 1>&2
  exit /b 1
)
"%JAVA%" "@%LIB%\jvm.options" %NIBBLE_JAVA_OPTS% -jar "%LIB%\nibble-cli.jar" %*
exit /b %ERRORLEVEL%
