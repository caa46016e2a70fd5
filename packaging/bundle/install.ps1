# Installs AssetTrack from the folder this file lies in, without a network:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [FOLDER]
#
# FOLDER is assettrack in the user's own folder unless another is named. Each bundle gets a folder of its own in it, and
# FOLDER\assettrack.cmd starts the one that was installed last. It does what install.sh does, in the same order.

param([string] $Folder = (Join-Path $HOME "assettrack"), [string] $Python = "")
$ErrorActionPreference = "Stop"

function Stop-Here([string] $Sentence) {
    [Console]::Error.WriteLine("$Sentence`nNothing was installed.")
    exit 1
}

$Folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
Set-Location -LiteralPath $PSScriptRoot

# 1. Is the bundle whole?
$again = "Copy the bundle over again, and compare it with the SHA-256 that was printed when it was made."
if (-not (Test-Path -LiteralPath SHA256SUMS)) { Stop-Here "SHA256SUMS is missing. $again" }
$known = @{}
foreach ($line in Get-Content -LiteralPath SHA256SUMS) {
    $sum, $name = $line -split "  ", 2
    $known[$name] = $sum
    if (-not (Test-Path -LiteralPath $name) -or (Get-FileHash -LiteralPath $name -Algorithm SHA256).Hash -ne $sum) {
        Stop-Here "The bundle is not as it was made. Changed or missing: $name. $again"
    }
}
foreach ($wheel in Get-ChildItem -LiteralPath wheels) {
    if (-not $known.ContainsKey("wheels/$($wheel.Name)")) {
        Stop-Here "The bundle is not as it was made. Not a part of it: wheels/$($wheel.Name). $again"
    }
}

# 2. Is there a Python that it was made for?
$version, $wanted, $system, $machine = (Get-Content -LiteralPath MADE-FOR -TotalCount 1) -split " "
$ask = "import platform, sys; print(platform.python_implementation(), '%d.%d' % sys.version_info[:2], sys.platform, platform.machine())"
if (-not $Python) { $Python = (& py "-$wanted" -I -c "import sys; print(sys.executable)") }
if (-not $Python -or (& $Python -I -c $ask) -ne "CPython $wanted $system $machine") {
    Stop-Here "This bundle is for CPython $wanted on $system $machine, and that is not here. Name it with -Python."
}

# 3. Install into a folder of its own. What an earlier run left half made is made anew.
$own = Join-Path $Folder "$version-$((Get-FileHash -LiteralPath SHA256SUMS -Algorithm SHA256).Hash.ToLower().Substring(0, 8))"
$program = Join-Path $own "Scripts\assettrack.exe"
if (-not (Test-Path -LiteralPath (Join-Path $own "INSTALLED"))) {
    if (Test-Path -LiteralPath $own) { Remove-Item -LiteralPath $own -Recurse -Force }
    & $Python -I -m venv $own
    if ($LASTEXITCODE -eq 0) {
        $env:PIP_CONFIG_FILE = "nul"
        & (Join-Path $own "Scripts\python.exe") -I -m pip --isolated --disable-pip-version-check install --quiet `
            --no-index --find-links wheels --only-binary :all: --require-hashes --requirement requirements.lock
    }
    if ($LASTEXITCODE -eq 0) { & $program --version | Out-Null }
    if ($LASTEXITCODE -ne 0) {
        Remove-Item -LiteralPath $own -Recurse -Force -ErrorAction SilentlyContinue
        Stop-Here "It could not be installed; the lines above say why."
    }
    New-Item -ItemType File -Path (Join-Path $own "INSTALLED") | Out-Null
}

# 4. Lead to it.
$entry = Join-Path $Folder "assettrack.cmd"
Set-Content -LiteralPath "$entry.new" -Encoding Default -Value "@`"$program`" %*"
Move-Item -LiteralPath "$entry.new" -Destination $entry -Force
Write-Output "AssetTrack $version is installed. Start it with: $entry"
