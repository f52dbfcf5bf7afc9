"""The environment that checkpoints and logs carry."""

import subprocess

from engine.run_folder.environment import _revision, environment
from utils import VERSION


def test_it_begins_with_the_version():
    assert next(iter(environment().items())) == ("huenet", VERSION)


def test_the_revision_is_not_that_of_a_repository_around_an_installation(tmp_path):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    commit = ["-c", "user.name=n", "-c", "user.email=e", "commit", "--allow-empty", "-qm", "theirs"]
    for command in (["init", "-q"], commit):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert _revision(installed) is None and len(_revision(tmp_path)) == 40
